"""The other services as `declaration` sees them: an event store that says what a test wants said.

Their topics lie in the declaration's own database, which saves a database a test; nothing reads them there
but the bus.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from zerocarbon.common.bus.embedded import EmbeddedBus
from zerocarbon.common.bus.embedded_topic import encode_position, record_of
from zerocarbon.common.bus.port import Position
from zerocarbon.common.bus.record import RecordRun
from zerocarbon.common.composition import ConsumerSpec
from zerocarbon.common.consumer.processor import Acting, Rejected
from zerocarbon.common.eventstore.event import BEGINNING, Cursor, NewEvent, StoredEvent, StreamAppend
from zerocarbon.common.eventstore.identity import known
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.declaration import DECLARATION
from zerocarbon.contracts.registry import TOPICS

SOURCE = "/outside"
OTHERS = tuple(topic for topic in TOPICS if topic != DECLARATION)
READABLE_WITHIN = 30.0


class Outside:
    """Tells events and lets consumers read them, one batch a call, without background tasks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._store = EventStore()
        self._read: dict[str, Cursor] = {}
        self._told = 0
        self.bus = EmbeddedBus(dict.fromkeys(TOPICS, database))

    async def tell(self, facts: Sequence[Event], at: datetime) -> Position:
        """Appends facts as recorded at a business time; gives the position of the last one."""
        appends = [StreamAppend(f"told/{new_id()}", 0, (NewEvent(fact, None, new_id()),)) for fact in facts]
        async with self._database.worker() as session:
            await self._store.append(session.connection, appends, at)
        self._told += len(appends)
        async with asyncio.timeout(READABLE_WITHIN):
            while len(events := await self._events()) < self._told:  # noqa: ASYNC110
                # A transaction anywhere in the cluster holds back reading, and nothing tells its end.
                await asyncio.sleep(0.01)
        async with self._database.reader() as session:
            return encode_position(events[-1].cursor, (await known(session.connection)).name)

    async def _events(self) -> list[StoredEvent]:
        async with self._database.reader() as session:
            return await self._store.read_after(session.connection, BEGINNING, 100_000, OTHERS)

    async def read_by(self, specs: Sequence[ConsumerSpec], into: Database) -> list[Rejected]:
        """Lets each consumer take what it has not read; gives what it could not use."""
        rejected: list[Rejected] = []
        for spec in specs:
            async with self._database.reader() as session:
                after = self._read.get(spec.name, BEGINNING)
                events = await self._store.read_after(session.connection, after, 100_000, spec.topics)
            if not events:
                continue
            prepared = spec.processor.prepare([RecordRun([record_of(event, SOURCE) for event in events])])
            rejected += prepared.rejected
            if isinstance(spec.processor, Acting):
                rejected += await spec.processor.perform(prepared.work)
            async with into.worker() as session:
                await spec.processor.flush(session, prepared.work)
            self._read[spec.name] = events[-1].cursor
        return rejected
