"""Rebuilds a projection beside the live one, compares the two, and swaps them in one transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import structlog

from zerocarbon.common.bus.port import Bus, Position, TopicPartition
from zerocarbon.common.consumer.flush import hold_name
from zerocarbon.common.consumer.offsets import Offsets
from zerocarbon.common.consumer.processor import Acting, Processor
from zerocarbon.common.consumer.worker import Worker, WorkerSettings
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.session import Connection

_log = structlog.get_logger(__name__)

Digest = Callable[[Connection], Awaitable[str]]
"""The digest of a projection's normalised state."""

Swap = Callable[[Connection], Awaitable[None]]
"""Puts the rebuilt state in the place of the live one, in the given transaction."""


class DigestsDiffer(Exception):
    """The rebuilt projection says something else than the live one; nothing was swapped."""

    def __init__(self, live: str, rebuilt: str) -> None:
        super().__init__(f"live {live}, rebuilt {rebuilt}")
        self.live = live
        self.rebuilt = rebuilt


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a projection: its consumer's name, how it folds, and its digest."""

    consumer: str
    processor: Processor
    digest: Digest


class Rebuild:
    """Brings a new version of a projection to the live one's positions and puts it in its place.

    The live one goes on meanwhile; only for the last steps its flushes wait. A rebuild that was interrupted
    continues where it was. Reactors cannot be rebuilt: a rebuild never acts.
    """

    def __init__(
        self,
        projection: str,
        topics: Sequence[str],
        bus: Bus,
        database: Database,
        live: Version,
        new: Version,
        settings: WorkerSettings | None = None,
    ) -> None:
        if isinstance(new.processor, Acting):
            raise TypeError(f"{new.consumer} acts: only projections are rebuilt")
        if live.consumer == new.consumer:
            raise ValueError("the rebuilt projection needs a consumer name of its own")
        self._projection = projection
        self._topics = tuple(topics)
        self._bus = bus
        self._database = database
        self._live = live
        self._new = new
        self._settings = settings

    async def run(self, swap: Swap, *, digests_must_agree: bool = True) -> None:
        """Rebuilds, compares and swaps. The live consumer goes on under its name with the rebuilt state.

        Args:
            swap: puts the rebuilt state where the live one writes and everybody reads.
            digests_must_agree: false where the new version is meant to say something else.

        Raises:
            DigestsDiffer: nothing was swapped; the rebuilt projection stays for inspection.
        """
        await self._catch_up()
        async with self._database.standing() as holder:
            # A session's lock: it keeps the live one's flushes out without an open transaction.
            await holder.execute(
                "SELECT pg_advisory_lock(hashtextextended($1, 0))", hold_name(self._live.consumer)
            )
            await self._catch_up()
            await self._exchange(swap, digests_must_agree)

    async def _catch_up(self) -> None:
        until = await self._positions(self._live.consumer)
        worker = Worker(
            self._new.consumer, self._topics, self._bus, self._database, self._new.processor, self._settings
        )
        await worker.run(until)

    async def _positions(self, consumer: str) -> dict[TopicPartition, Position]:
        async with self._database.worker() as session:
            held = await Offsets(consumer).read(session.connection)
        return {
            at: claim.position
            for at, claim in held.items()
            if claim.position is not None and at.topic in self._topics
        }

    async def _exchange(self, swap: Swap, digests_must_agree: bool) -> None:
        live = await self._positions(self._live.consumer)
        new = await self._positions(self._new.consumer)
        assert live == new, "the rebuilt projection does not stand where the live one stands"
        async with self._database.worker() as session:
            before = await self._live.digest(session.connection)
            after = await self._new.digest(session.connection)
            if before != after and digests_must_agree:
                raise DigestsDiffer(before, after)
            await swap(session.connection)
            await self._take_over(session.connection)
        _log.info("projection swapped", projection=self._projection, consumer=self._new.consumer)

    async def _take_over(self, connection: Connection) -> None:
        """Gives the rebuilt projection's parked records the live name, and its own name back.

        The positions of both are the same, so the live consumer goes on under its name as if it had always
        said so; what it had parked is what the rebuilt one has parked.
        """
        live, rebuilt = self._live.consumer, self._new.consumer
        await connection.execute(
            "DELETE FROM parked_event AS held WHERE consumer = $1 AND (replayed_at IS NULL OR EXISTS ("
            " SELECT FROM parked_event AS again WHERE again.consumer = $2 AND again.topic = held.topic"
            " AND again.partition = held.partition AND again.record_offset = held.record_offset))",
            live,
            rebuilt,
        )
        await connection.execute("UPDATE parked_event SET consumer = $1 WHERE consumer = $2", live, rebuilt)
        await connection.execute("DELETE FROM consumer_offset WHERE consumer = $1", rebuilt)
