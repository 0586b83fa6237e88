"""Both buses behind one face, so that one suite of tests holds them to one contract."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from zerocarbon.common.bus.embedded import EmbeddedBus
from zerocarbon.common.bus.kafka import KafkaBus
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import Bus
from zerocarbon.common.bus.topics import TopicPlan, ensure_topics
from zerocarbon.common.eventstore.event import StoredEvent
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.relay.relay import Relay
from zerocarbon.contracts.alert import ALERT

PARTITIONS = 3
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Transport:
    """A bus over the events of one database, and where they are found on it."""

    name: str
    topic: str
    database: Database
    new_bus: Callable[[], Bus]


@dataclass(frozen=True, slots=True)
class PrefixedRoute:
    """Implements `Route`: topics of one test, apart from those of others on the same broker."""

    prefix: str

    def topic(self, event: StoredEvent) -> str | None:
        """See `Route.topic`."""
        return f"{self.prefix}.{event.topic}"


@asynccontextmanager
async def embedded_transport(database: Database) -> AsyncIterator[Transport]:
    """The producers' store itself."""
    yield Transport("embedded", ALERT, database, lambda: EmbeddedBus({ALERT: database}))


@asynccontextmanager
async def kafka_transport(
    database: Database,
    settings: KafkaSettings,
    prefix: str,
    partitions: int = PARTITIONS,
    published: str = ALERT,
) -> AsyncIterator[Transport]:
    """A relay publishes the store on topics of its own; `published` is the one that is read."""
    topic = f"{prefix}.{published}"
    plan = TopicPlan(partitions=partitions)
    await ensure_topics(settings, [topic], plan)
    relay = Relay("internal", database, settings, PrefixedRoute(prefix), plan, [topic])
    task = asyncio.create_task(relay.run())
    try:
        yield Transport("kafka", topic, database, lambda: KafkaBus(settings))
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def eventually(holds: Callable[[], Awaitable[bool]], seconds: float = PATIENCE_SECONDS) -> None:
    """Waits until something holds.

    Raises:
        TimeoutError: it did not within the time.
    """
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - what is waited for lies outside of this process
            await asyncio.sleep(0.02)
