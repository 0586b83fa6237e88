"""The embedded bus: consumers read the producers' event stores. No broker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence

from zerocarbon.common.bus import cloudevent
from zerocarbon.common.bus.embedded_subscription import EmbeddedSubscription, Producer
from zerocarbon.common.bus.embedded_topic import PAGE, PARTITION, decode_position, record_of
from zerocarbon.common.bus.listener import UNREACHABLE, Listener
from zerocarbon.common.bus.port import Assignment, BusUnavailable, Halted, Position, TopicPartition
from zerocarbon.common.bus.record import Record
from zerocarbon.common.eventstore.event import BEGINNING, StoredEvent
from zerocarbon.common.eventstore.identity import Incarnation, known
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.postgres.database import Database


class EmbeddedBus:
    """Implements `Bus` over databases. Each topic has one producer, and one partition.

    One member of a consumer reads, others stand by: they take over when it goes.
    """

    def __init__(self, producers: Mapping[str, Database]) -> None:
        """`producers` says for each topic whose database holds its events."""
        self._databases = dict(producers)
        self._listeners = {database: Listener(database) for database in self._databases.values()}

    async def subscribe(
        self,
        consumer: str,
        topics: Sequence[str],
        assignment: Assignment,
        until: Mapping[TopicPartition, Position] | None = None,
    ) -> EmbeddedSubscription:
        """See `Bus.subscribe`."""
        wanted: dict[Database, list[str]] = {}
        for topic in topics:
            if until is None or TopicPartition(topic, PARTITION) in until:
                wanted.setdefault(self._database(topic), []).append(topic)
        producers = [
            Producer(database, self._listener(database), await self._incarnation(database), tuple(names))
            for database, names in wanted.items()
        ]
        return EmbeddedSubscription(consumer, producers, assignment, until)

    async def partition_of(self, topic: str, key: str) -> TopicPartition:
        """See `Bus.partition_of`."""
        self._database(topic)
        return TopicPartition(topic, PARTITION)

    async def replay(self, topic: str, key: str, until: Position) -> AsyncIterator[Record]:
        """See `Bus.replay`: one indexed query a page.

        A position of an earlier incarnation is good as long as the store holds the event at which it stands.
        """
        database = self._database(topic)
        incarnation = await self._incarnation(database)
        source = cloudevent.source(incarnation.service, incarnation.name)
        cursor, limit = BEGINNING, decode_position(until).cursor
        store = EventStore()
        while True:
            page: list[StoredEvent]
            try:
                async with database.reader() as session:
                    if cursor == BEGINNING and not await store.holds(session.connection, limit):
                        raise Halted(
                            TopicPartition(topic, PARTITION), f"the store lacks the event at {until}"
                        )
                    page = await store.read_key(session.connection, topic, key, cursor, limit, PAGE)
            except UNREACHABLE as lost:
                raise BusUnavailable(str(lost)) from lost
            for event in page:
                yield record_of(event, source)
            if len(page) < PAGE:
                return
            cursor = page[-1].cursor

    async def close(self) -> None:
        """See `Bus.close`. The databases belong to their owners and stay open."""
        for listener in self._listeners.values():
            await listener.stop()

    def _database(self, topic: str) -> Database:
        if topic not in self._databases:
            raise ValueError(f"nobody here publishes {topic}")
        return self._databases[topic]

    def _listener(self, database: Database) -> Listener:
        listener = self._listeners[database]
        listener.start()
        return listener

    async def _incarnation(self, database: Database) -> Incarnation:
        # Asked for each time: it changes when the database is exchanged.
        try:
            async with database.reader() as session:
                return await known(session.connection)
        except UNREACHABLE as lost:
            raise BusUnavailable(str(lost)) from lost
