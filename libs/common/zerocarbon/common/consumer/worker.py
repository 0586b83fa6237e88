"""Runs one consumer: reads batches, prepares them, and flushes one while the next is prepared."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import structlog

from zerocarbon.common.bus.interpreter import expect_batches
from zerocarbon.common.bus.port import (
    Batch,
    Bus,
    BusUnavailable,
    Halted,
    Position,
    Subscription,
    SubscriptionLost,
    TopicPartition,
)
from zerocarbon.common.consumer import metrics
from zerocarbon.common.consumer.database_errors import PASSING
from zerocarbon.common.consumer.flush import Flusher, PreparedBatch
from zerocarbon.common.consumer.offsets import Fenced, Offsets
from zerocarbon.common.consumer.processor import Acting, Prepared, Processor
from zerocarbon.common.consumer.step import OnStep, Step, unobserved
from zerocarbon.common.eventstore.store import VersionConflict
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.database import Database

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Bounds of a worker. Times in seconds, sizes in bytes."""

    max_records: int = 10_000
    max_records_acting: int = 100
    wait_seconds: float = 0.5
    max_value_bytes: int = 4 * 1024 * 1024
    lag_seconds: float = 10.0
    first_pause: float = 0.1
    longest_pause: float = 5.0


class Worker:
    """One member of a consumer's group; implements `Assignment`.

    A caller may assume: the effect of every record is committed exactly once, whatever is killed, stopped or
    started in between; at most one flush is in flight. It may not assume that a record is prepared once.
    """

    def __init__(
        self,
        consumer: str,
        topics: Sequence[str],
        bus: Bus,
        database: Database,
        processor: Processor,
        settings: WorkerSettings | None = None,
        on_step: OnStep = unobserved,
    ) -> None:
        self.consumer = consumer
        self._topics = tuple(topics)
        self._bus = bus
        self._database = database
        self._processor = processor
        self._settings = settings if settings is not None else WorkerSettings()
        self._on_step = on_step
        self._flusher = Flusher(consumer, database, processor, on_step)
        self._offsets = Offsets(consumer)
        self._owner = f"{socket.gethostname()}/{os.getpid()}/{new_id()}"
        self._epochs: dict[TopicPartition, int] = {}
        self._flushing: asyncio.Task[None] | None = None
        self._stopping = False
        self._reading = False
        self._lags: set[TopicPartition] = set()
        self._lag_due = 0.0

    @property
    def reading(self) -> bool:
        """Whether it is a member of its group and reads; for readiness."""
        return self._reading

    def stop(self) -> None:
        """Asks the worker to end after the batch in hand."""
        self._stopping = True

    async def run(self, until: Mapping[TopicPartition, Position] | None = None) -> None:
        """Works until `stop`, or until the given positions are reached.

        Comes back by itself from a lost membership, broker or database. Whatever else is raised is a fault
        of the program.
        """
        expect_batches()
        pause = self._settings.first_pause
        while not self._stopping:
            begun = asyncio.get_running_loop().time()
            try:
                await self._join(until)
                return
            except (Fenced, SubscriptionLost, BusUnavailable, VersionConflict, *PASSING) as lost:
                if isinstance(lost, Fenced):
                    metrics.FENCED.labels(self.consumer).inc()
                _log.warning("joining again", consumer=self.consumer, reason=str(lost))
            if asyncio.get_running_loop().time() - begun > self._settings.longest_pause:
                pause = self._settings.first_pause
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._settings.longest_pause)

    async def assigned(
        self, partitions: Sequence[TopicPartition]
    ) -> Mapping[TopicPartition, Position | None]:
        """See `Assignment.assigned`: raises the epochs, so that earlier owners are fenced."""
        async with self._database.worker() as session:
            claims = await self._offsets.claim(session.connection, partitions, self._owner)
        self._epochs.update({at: claim.epoch for at, claim in claims.items()})
        for at in partitions:
            metrics.HALTED.labels(self.consumer, at.topic, at.partition).set(0)
        _log.info("partitions taken over", consumer=self.consumer, partitions=len(partitions))
        return {at: claim.position for at, claim in claims.items()}

    async def revoked(self, partitions: Sequence[TopicPartition]) -> None:
        """See `Assignment.revoked`: lets the flush in flight end, then forgets the epochs."""
        if self._flushing is not None:
            await asyncio.wait([self._flushing])
        for at in partitions:
            self._epochs.pop(at, None)
        self._forget_lag(partitions)

    async def _join(self, until: Mapping[TopicPartition, Position] | None) -> None:
        self._epochs.clear()
        subscription = await self._bus.subscribe(self.consumer, self._topics, self, until)
        try:
            await self._read(subscription)
            await self._flushed()
        finally:
            self._reading = False
            self._forget_lag(list(self._lags))
            await self._abandon()
            await subscription.close()

    async def _read(self, subscription: Subscription) -> None:
        acting = isinstance(self._processor, Acting)
        limit = self._settings.max_records_acting if acting else self._settings.max_records
        while not self._stopping:
            batch = await subscription.next_batch(limit, self._settings.wait_seconds)
            self._reading = True
            if batch.parts:
                self._on_step(Step.RECEIVED)
                prepared = await asyncio.to_thread(self._prepare, batch)
                self._on_step(Step.PREPARED)
                await self._flushed()
                self._flushing = asyncio.create_task(self._flush(subscription, prepared))
            elif self._flushing is not None and self._flushing.done():
                await self._flushed()
            for halted in batch.halted:
                await self._halt(halted)
            await self._tell_lag(subscription)
            if subscription.finished:
                return

    def _prepare(self, batch: Batch) -> PreparedBatch:
        runs, unfit = [], []
        for part in batch.parts:
            run = part.run
            reasons = {index: run.fault(index) or "" for index in run.faulty()}
            limit = self._settings.max_value_bytes
            values = run.values()
            if values and max(map(len, values)) > limit:
                large = {at: f"too large: {len(v)} bytes" for at, v in enumerate(values) if len(v) > limit}
                reasons.update(large)
            unfit += [(run.record(index), reason) for index, reason in sorted(reasons.items())]
            runs.append(run.without(reasons) if reasons else run)
        return PreparedBatch(batch.parts, runs, self._processor.prepare(runs), unfit)

    async def _flush(self, subscription: Subscription, batch: PreparedBatch) -> None:
        batch = await self._act(batch)
        await self._flusher.flush(batch, self._epochs)
        await subscription.committed(batch.positions())
        self._on_step(Step.TOLD)
        metrics.RECORDS.labels(self.consumer).inc(sum(len(run) for run in batch.runs))

    async def _act(self, batch: PreparedBatch) -> PreparedBatch:
        if not isinstance(self._processor, Acting):
            return batch
        refused = await self._processor.perform(batch.prepared.work)
        prepared = Prepared(batch.prepared.work, [*batch.prepared.rejected, *refused])
        return PreparedBatch(batch.parts, batch.runs, prepared, batch.rejected)

    async def _flushed(self) -> None:
        """Waits for the flush in flight, and raises what it raised."""
        flushing, self._flushing = self._flushing, None
        if flushing is not None:
            await flushing

    async def _abandon(self) -> None:
        """Ends a flush whose worker ends. What it had committed stays, what not is read again."""
        flushing, self._flushing = self._flushing, None
        if flushing is not None:
            flushing.cancel()
            await asyncio.wait([flushing])
            if not flushing.cancelled() and flushing.exception() is not None:
                _log.info("flush abandoned", consumer=self.consumer, reason=str(flushing.exception()))

    async def _tell_lag(self, subscription: Subscription) -> None:
        """Now and then: counting what waits costs a query."""
        now = asyncio.get_running_loop().time()
        if now < self._lag_due:
            return
        self._lag_due = now + self._settings.lag_seconds
        for at, waiting in (await subscription.lag()).items():
            metrics.LAG.labels(self.consumer, at.topic, at.partition).set(waiting)
            self._lags.add(at)

    def _forget_lag(self, partitions: Sequence[TopicPartition]) -> None:
        """Whoever reads a partition tells its lag; a figure that nobody brings up to date would be untrue."""
        for at in partitions:
            if at in self._lags:
                self._lags.discard(at)
                metrics.LAG.remove(self.consumer, at.topic, at.partition)

    async def _halt(self, halted: Halted) -> None:
        at = halted.partition
        _log.error("partition halted", consumer=self.consumer, topic=at.topic, reason=halted.reason)
        metrics.HALTED.labels(self.consumer, at.topic, at.partition).set(1)
        if at in self._epochs:
            async with self._database.worker() as session:
                await self._offsets.halt(session.connection, at, self._epochs[at], halted.reason)
