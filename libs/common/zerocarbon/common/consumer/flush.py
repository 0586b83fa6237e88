"""One batch's transaction: state, parked records and positions together, or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter

import structlog

from zerocarbon.common.bus.port import Part, Position, TopicPartition
from zerocarbon.common.bus.record import Record, Run
from zerocarbon.common.consumer import metrics
from zerocarbon.common.consumer.database_errors import ABOUT_DATA, PASSING
from zerocarbon.common.consumer.isolation import flush_in_pieces
from zerocarbon.common.consumer.offsets import Fenced, Move, Offsets
from zerocarbon.common.consumer.parked import Parked
from zerocarbon.common.consumer.processor import Prepared, Processor, Rejected
from zerocarbon.common.consumer.step import OnStep, Step
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.session import WorkerSession

FIRST_PAUSE_SECONDS = 0.05
LONGEST_PAUSE_SECONDS = 5.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PreparedBatch:
    """A batch on its way to the database: its runs without what the transport rejected, and the work."""

    parts: Sequence[Part]
    runs: Sequence[Run]
    prepared: Prepared
    rejected: Sequence[tuple[Record, str]]

    def moves(self, epochs: Mapping[TopicPartition, int]) -> list[Move]:
        """The positions to be moved, each under the epoch of this worker.

        Raises:
            Fenced: a partition is no longer assigned to it.
        """
        gone = [part.partition for part in self.parts if part.partition not in epochs]
        if gone:
            raise Fenced(f"{len(gone)} partitions were revoked")
        return [Move(part.partition, epochs[part.partition], part.base, part.after) for part in self.parts]

    def positions(self) -> dict[TopicPartition, Position]:
        """Where the partitions stand once the batch is committed."""
        return {part.partition: part.after for part in self.parts}


class Flusher:
    """Brings prepared batches into the database, exactly once each."""

    def __init__(self, consumer: str, database: Database, processor: Processor, on_step: OnStep) -> None:
        self._database = database
        self._processor = processor
        self._offsets = Offsets(consumer)
        self._parked = Parked(consumer)
        self._on_step = on_step
        self._flushes = metrics.FLUSHES.labels(consumer)
        self._consumer = consumer

    async def flush(self, batch: PreparedBatch, epochs: Mapping[TopicPartition, int]) -> None:
        """Returns when the batch is committed.

        Waits for a database that is away. A COMMIT whose outcome is not known is settled by reading the
        offset rows back.

        Raises:
            Fenced: the batch belongs to somebody else by now; nothing was written by this call.
        """
        moves = batch.moves(epochs)
        pause = FIRST_PAUSE_SECONDS
        by_pieces = False
        while True:
            begun = perf_counter()
            try:
                await self._once(batch, moves, by_pieces=by_pieces)
                self._flushes.observe(perf_counter() - begun)
                return
            except ABOUT_DATA as refused:
                if by_pieces:
                    raise
                _log.warning("batch refused, looking for the cause", reason=str(refused))
                by_pieces = True
            except PASSING as lost:
                _log.warning("flush interrupted", consumer=self._consumer, reason=str(lost))
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
                if await self._settled(moves):
                    return

    async def _once(self, batch: PreparedBatch, moves: Sequence[Move], *, by_pieces: bool) -> None:
        async with self._database.worker() as session:
            await session.connection.execute(
                "SELECT pg_advisory_xact_lock_shared(hashtextextended($1, 0))", hold_name(self._consumer)
            )
            # First, so that a zombie does no work, and whoever takes over waits for this transaction.
            await self._offsets.move(session.connection, moves)
            rejected = await self._process(session, batch, by_pieces=by_pieces)
            if rejected:
                await self._parked.add(session.connection, rejected)
            self._on_step(Step.FLUSHED)
        self._on_step(Step.COMMITTED)
        for record, reason in rejected:
            _log.warning("record parked", consumer=self._consumer, topic=record.topic, reason=reason)
            metrics.PARKED.labels(self._consumer, record.topic).inc()

    async def _process(
        self, session: WorkerSession, batch: PreparedBatch, *, by_pieces: bool
    ) -> list[tuple[Record, str]]:
        if by_pieces:
            found = await flush_in_pieces(session, self._processor, batch.runs)
            return [*batch.rejected, *rejected_records(batch.runs, found)]
        await self._processor.flush(session, batch.prepared.work)
        return [*batch.rejected, *rejected_records(batch.runs, batch.prepared.rejected)]

    async def _settled(self, moves: Sequence[Move]) -> bool:
        """Whether the interrupted flush was committed after all; false: it was not, try again."""
        try:
            async with self._database.worker() as session:
                held = await self._offsets.read(session.connection)
        except PASSING:
            return False
        standing = [held.get(move.partition) for move in moves]
        mine = [
            claim is not None and claim.epoch == move.epoch
            for claim, move in zip(standing, moves, strict=True)
        ]
        if not all(mine):
            raise Fenced(f"{self._consumer}: taken over while the database was away")
        # An offset row that still shows its base may yet move, if that COMMIT is still under way: the next
        # attempt waits for it at the row, and is then fenced by the base.
        return all(
            claim is not None and claim.position == move.after
            for claim, move in zip(standing, moves, strict=True)
        )


def rejected_records(runs: Sequence[Run], rejected: Sequence[Rejected]) -> list[tuple[Record, str]]:
    """The records behind rejections, with the reasons."""
    return [(runs[it.run].record(it.index), it.reason) for it in rejected]


def hold_name(consumer: str) -> str:
    """The name of the lock that keeps a consumer's flushes out for a moment."""
    return f"flushes of {consumer}"
