"""The broker dies while events are published and read, and so does the relay."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import msgspec
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, TopicPartition

from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.kraft import KraftBroker
from zerocarbon.common.bus.topics import TopicPlan, ensure_topics
from zerocarbon.common.consumer.worker import Worker, WorkerSettings
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.transport import PARTITIONS, Transport, eventually, kafka_transport
from zerocarbon.common.testing.trial import Fact, SumFold, expected, record, sums
from zerocarbon.common.testing.trial_relay import Errand
from zerocarbon.contracts.alert import ALERT

MIGRATIONS = Path(__file__).parents[2] / "libs" / "common" / "tests" / "bus_migrations"
SETTINGS = WorkerSettings(wait_seconds=0.1, first_pause=0.05, longest_pause=0.5)


@pytest_asyncio.fixture
async def database(service_database: MakeDatabase) -> Database:
    return await service_database("trial", MIGRATIONS)


def facts_of(each: int, first: int = 0) -> list[Fact]:
    return [Fact(f"s{subject}", first + number) for number in range(each) for subject in range(6)]


async def events_in(database: Database) -> int:
    async with database.reader() as session:
        return sum(it.events for it in (await sums(session.connection)).values())


async def fold_all(transport: Transport, consumer: str, facts: list[Fact]) -> None:
    """Folds until the projection says what the facts say."""
    bus = transport.new_bus()
    worker = Worker(consumer, [transport.topic], bus, transport.database, SumFold(), SETTINGS)
    task = asyncio.create_task(worker.run())

    async def enough() -> bool:
        return await events_in(transport.database) >= len(facts)

    await eventually(enough, seconds=60)
    worker.stop()
    await asyncio.wait_for(task, 20)
    async with transport.database.reader() as session:
        assert await sums(session.connection) == expected(facts)


async def test_a_broker_killed_amid_publishing_and_reading_loses_nothing(
    database: Database, unique: str, tmp_path: Path
) -> None:
    broker = KraftBroker(tmp_path / "broker")
    await asyncio.to_thread(broker.start)
    try:
        settings = KafkaSettings(broker.bootstrap_servers, session_timeout_ms=1_500)
        facts = facts_of(200)
        async with kafka_transport(database, settings, unique) as transport:
            await record(database, facts[:600])
            folding = asyncio.create_task(fold_all(transport, unique, facts))

            async def some() -> bool:
                return await events_in(database) > 0

            await eventually(some)
            await asyncio.to_thread(broker.kill)
            await record(database, facts[600:])
            await asyncio.to_thread(broker.start)
            await folding
    finally:
        await asyncio.to_thread(broker.stop)


async def test_a_relay_killed_again_and_again_publishes_everything_once(
    database: Database, kafka_settings: KafkaSettings, unique: str
) -> None:
    facts = facts_of(1_000)
    await record(database, facts)
    topic = f"{unique}.{ALERT}"
    await ensure_topics(kafka_settings, [topic], TopicPlan(partitions=PARTITIONS))
    urls = database.urls
    for kills_at in (120, 400):
        errand = Errand(
            kafka_settings.bootstrap_servers,
            unique,
            PARTITIONS,
            kills_at,
            urls.owner,
            urls.request,
            urls.worker,
        )
        relay = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "zerocarbon.common.testing.trial_relay",
            msgspec.json.encode(errand).decode(),
        )
        assert await asyncio.wait_for(relay.wait(), 40) == -signal.SIGKILL
    async with kafka_transport(database, kafka_settings, unique) as transport:
        await fold_all(transport, unique, facts)
        ends = await end_offsets(kafka_settings, topic)
    assert ends > len(facts), "the kills fell between sending and saving, so that something was sent again"


async def end_offsets(settings: KafkaSettings, topic: str) -> int:
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.bootstrap_servers)
    await consumer.start()
    try:
        ends = await consumer.end_offsets([TopicPartition(topic, number) for number in range(PARTITIONS)])
    finally:
        await consumer.stop()
    return sum(ends.values())
