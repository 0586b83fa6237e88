"""Accounting in a test: events of others are published, read through the embedded bus, and asked about."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime

from zerocarbon.accounting.definition import definition
from zerocarbon.common.bus.embedded import EmbeddedBus
from zerocarbon.common.bus.embedded_topic import PARTITION, encode_position
from zerocarbon.common.bus.port import Position, TopicPartition
from zerocarbon.common.consumer.worker import Worker, WorkerSettings
from zerocarbon.common.eventstore.event import Cursor, NewEvent, StreamAppend
from zerocarbon.common.eventstore.identity import known
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.testing.service import RunningService, running
from zerocarbon.contracts.activity import ACTIVITY
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.certificate import CERTIFICATE
from zerocarbon.contracts.reference import REFERENCE

TOPICS = (REFERENCE, ACTIVITY, CERTIFICATE)


class Stage:
    """Publishes what `ingest` and `certificates` would, and lets accounting read it.

    One database stands for all: of the producers only their event store matters, and accounting has one.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.bus = EmbeddedBus(dict.fromkeys(TOPICS, database))
        self.service: RunningService
        self._store = EventStore()
        self._exits = AsyncExitStack()

    async def __aenter__(self) -> Stage:
        self._exits.push_async_callback(self.bus.close)
        self.service = await self._exits.enter_async_context(running(definition, self.database, bus=self.bus))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._exits.aclose()

    async def publish(self, facts: Sequence[Event], recorded_at: datetime) -> None:
        """Appends facts, each on a stream of its own."""
        appends = [
            StreamAppend(f"published/{new_id()}", 0, (NewEvent(fact, None, new_id()),)) for fact in facts
        ]
        async with self.database.worker() as session:
            await self._store.append(session.connection, appends, recorded_at)

    async def publish_bytes(self, event_type: str, topic: str, key: str, data: bytes) -> str:
        """Puts bytes on a topic that no contract has seen; gives the event's id."""
        event_id = new_id()
        async with self.database.worker() as session:
            await session.connection.execute(
                "INSERT INTO event"
                " (stream_id, version, event_id, type, topic, key, subject, recorded_at, data)"
                " VALUES ($1, 1, $2, $3, $4, $5, 'unknown', now(), $6)",
                f"bytes/{event_id}",
                event_id,
                event_type,
                topic,
                key,
                data,
            )
        return event_id

    async def consume(self, max_records: int = 10_000) -> None:
        """Lets every consumer of accounting read all that was published."""
        until = await self._heads()
        for spec in definition.consumers(self.service.context, self.bus):
            bounds = {at: position for at, position in until.items() if at.topic in spec.topics}
            if bounds:
                worker = Worker(
                    spec.name,
                    spec.topics,
                    self.bus,
                    self.database,
                    spec.processor,
                    WorkerSettings(max_records=max_records, wait_seconds=0.05),
                )
                await worker.run(bounds)

    async def _heads(self) -> dict[TopicPartition, Position]:
        async with self.database.reader() as session:
            store = await known(session.connection)
            rows = await session.connection.fetch(
                "SELECT DISTINCT ON (topic) topic, epoch, tx::text::bigint, position FROM event"
                " WHERE topic = ANY ($1) ORDER BY topic, event.epoch DESC, event.tx DESC, position DESC",
                TOPICS,
            )
        return {
            TopicPartition(topic, PARTITION): encode_position(Cursor(*cursor), store.name)
            for topic, *cursor in rows
        }
