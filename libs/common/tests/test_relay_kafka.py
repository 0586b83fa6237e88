"""The relay against a real broker: numbers, crashes, standing by, topics, egress."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
import pytest_asyncio

from zerocarbon.common.bus.cloudevent import attributes_of_stored
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.partitioner import partition_for
from zerocarbon.common.bus.port import TopicPartition
from zerocarbon.common.bus.topics import PartitionsChanged, TopicPlan, ensure_topics
from zerocarbon.common.eventstore.event import BEGINNING, StoredEvent
from zerocarbon.common.eventstore.identity import NotRecognised, recognise, verified
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.relay.numbering import Numbering
from zerocarbon.common.relay.relay import Relay
from zerocarbon.common.relay.restored import StoreRestored
from zerocarbon.common.relay.route import EgressRoute, InternalRoute
from zerocarbon.common.relay.sender import Sender
from zerocarbon.common.testing.kafka_log import log_of
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.restored import put_elsewhere
from zerocarbon.common.testing.transport import PrefixedRoute, eventually
from zerocarbon.common.testing.trial import NOW, ORGANISATION, Fact, record
from zerocarbon.contracts.alert import ALERT, AlertRaised

MIGRATIONS = Path(__file__).parent / "bus_migrations"
PLAN = TopicPlan(partitions=3)


@pytest_asyncio.fixture
async def database(service_database: MakeDatabase) -> Database:
    return await service_database("trial", MIGRATIONS)


@pytest.fixture
def topic(unique: str) -> str:
    return f"{unique}.{ALERT}"


def relay_over(database: Database, settings: KafkaSettings, unique: str, plan: TopicPlan = PLAN) -> Relay:
    return Relay("internal", database, settings, PrefixedRoute(unique), plan, [f"{unique}.{ALERT}"])


@asynccontextmanager
async def relaying(
    database: Database, settings: KafkaSettings, unique: str, plan: TopicPlan = PLAN
) -> AsyncIterator[Relay]:
    relay = relay_over(database, settings, unique, plan)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def numbers(log: dict[int, list[dict[str, str]]]) -> dict[int, list[int]]:
    return {partition: [int(it["sequence"]) for it in held] for partition, held in log.items()}


async def published(database: Database, relay: str = "internal") -> int:
    """How many events the relay has saved as published."""
    async with database.reader() as session:
        return (
            await session.connection.fetchval(
                "SELECT count(*) FROM event, relay_state AS r WHERE r.relay = $1"
                " AND (event.epoch, event.tx, event.position)"
                " <= (r.event_epoch, r.tx::text::xid8, r.position)",
                relay,
            )
            or 0
        )


async def stored(database: Database) -> list[StoredEvent]:
    async with database.reader() as session:
        return await EventStore().read_after(session.connection, BEGINNING, 10_000)


def facts_of(count: int, first: int = 0) -> list[Fact]:
    return [Fact(f"s{number % 5}", number) for number in range(first, first + count)]


async def test_events_are_numbered_without_a_hole_in_the_order_of_the_store(
    database: Database, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    await record(database, facts_of(60))
    async with relaying(database, kafka_settings, unique):
        await record(database, facts_of(60, first=60))
        await eventually(lambda: _reached(database, 120))
    log = await log_of(kafka_settings, topic)
    assert sum(map(len, log.values())) == 120
    for partition, held in log.items():
        assert [int(it["sequence"]) for it in held] == list(range(1, len(held) + 1))
        assert {partition_for(it["key"], 3) for it in held} <= {partition}
    events = await stored(database)
    by_id = {it["id"]: it for held in log.values() for it in held}
    for event in events:
        sent = by_id[event.event_id]
        expected = attributes_of_stored(event, sent["source"])
        assert {name: sent[name] for name in expected} == expected
        assert sent["value"].encode() == event.data
    in_order = [[event.event_id for event in events if event.key == f"s{key}"] for key in range(5)]
    sent_in_order = [
        [it["id"] for held in log.values() for it in held if it["key"] == f"s{key}"] for key in range(5)
    ]
    assert sent_in_order == in_order


async def _reached(database: Database, count: int) -> bool:
    return await published(database) >= count


async def test_a_crash_between_sending_and_saving_repeats_the_same_numbers(
    database: Database, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    await record(database, facts_of(40))
    # Sent as the relay sends, and then dead: nothing was saved.
    await ensure_topics(kafka_settings, [topic], PLAN)
    async with database.worker() as session:
        incarnation = (await verified(session.connection)).name
    sender = Sender(kafka_settings)
    await sender.start()
    numbering = Numbering(f"/zerocarbon/trial/{incarnation}", PrefixedRoute(unique), {topic: 3}, {})
    await sender.send(sender.pack(numbering.records((await stored(database))[:25])))
    await sender.stop()
    async with relaying(database, kafka_settings, unique):
        await eventually(lambda: _reached(database, 40))
    log = await log_of(kafka_settings, topic)
    assert sum(map(len, log.values())) == 65
    first_sight: dict[tuple[int, int], str] = {}
    for partition, held in log.items():
        for it in held:
            key = (partition, int(it["sequence"]))
            assert first_sight.setdefault(key, it["id"]) == it["id"]
    assert len(first_sight) == 40


async def test_a_restarted_relay_goes_on_with_the_next_number(
    database: Database, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    for begin in (0, 20, 40):
        await record(database, facts_of(20, first=begin))
        async with relaying(database, kafka_settings, unique):
            await eventually(lambda begin=begin: _reached(database, begin + 20))
    for held in numbers(await log_of(kafka_settings, topic)).values():
        assert held == list(range(1, len(held) + 1))


async def test_one_relay_publishes_and_the_other_stands_by(
    database: Database, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    async with relaying(database, kafka_settings, unique):
        await record(database, facts_of(20))
        await eventually(lambda: _reached(database, 20))
        async with relaying(database, kafka_settings, unique):
            await record(database, facts_of(20, first=20))
            await eventually(lambda: _reached(database, 40))
            async with database.reader() as session:
                assert await session.connection.fetchval("SELECT epoch FROM relay_state") == 1
            log = await log_of(kafka_settings, topic)
    assert sum(map(len, log.values())) == 40


async def test_the_relay_that_stood_by_takes_over(
    database: Database, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    async with relaying(database, kafka_settings, unique):
        await record(database, facts_of(20))
        await eventually(lambda: _reached(database, 20))
        standby = asyncio.create_task(_relay_until(database, kafka_settings, unique, 40))
        await asyncio.sleep(0.2)
    await record(database, facts_of(20, first=20))
    await standby
    for held in numbers(await log_of(kafka_settings, topic)).values():
        assert held == list(range(1, len(held) + 1))


async def _relay_until(database: Database, settings: KafkaSettings, unique: str, count: int) -> None:
    async with relaying(database, settings, unique):
        await eventually(lambda: _reached(database, count))


async def test_a_relay_whose_connection_is_cut_comes_back(
    database: Database, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    async with relaying(database, kafka_settings, unique):
        await record(database, facts_of(20))
        await eventually(lambda: _reached(database, 20))
        async with database.worker() as session:
            await session.connection.fetch(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name LIKE '% standing' AND datname = current_database()"
                " AND usename = current_user AND pid <> pg_backend_pid()"
            )
        await record(database, facts_of(20, first=20))
        await eventually(lambda: _reached(database, 40))
    log = numbers(await log_of(kafka_settings, topic))
    for held in log.values():
        assert sorted(set(held)) == list(range(1, max(held, default=0) + 1))


async def test_a_topic_with_another_number_of_partitions_is_refused(
    database: Database, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    await ensure_topics(kafka_settings, [topic], TopicPlan(partitions=2))
    relay = Relay("internal", database, kafka_settings, PrefixedRoute(unique), PLAN, [topic])
    with pytest.raises(PartitionsChanged, match="has 2 partitions, 3 were expected"):
        await asyncio.wait_for(relay.run(), 20)


async def test_a_topic_that_was_grown_together_with_the_setting_is_refused(
    database: Database, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    async with relaying(database, kafka_settings, unique):
        await record(database, facts_of(5))
        await eventually(lambda: _reached(database, 5))
    async with database.worker() as session:
        # As if the topic had been made with two, then grown to three like the setting.
        await session.connection.execute("UPDATE relay_topic SET partitions = 2")
    relay = Relay("internal", database, kafka_settings, PrefixedRoute(unique), PLAN, [topic])
    with pytest.raises(PartitionsChanged):
        await asyncio.wait_for(relay.run(), 20)


async def test_each_organisation_gets_its_own_topics(
    database: Database, kafka_settings: KafkaSettings, unique: str
) -> None:
    other = f"0190a000-0000-7000-8000-{unique}00"
    async with database.worker() as session:
        for number, organisation in enumerate([ORGANISATION, other, None]):
            await session.connection.execute(
                "INSERT INTO event (stream_id, version, event_id, type, topic, key, subject,"
                " organisation_id, recorded_at, data) VALUES ('x', $1, gen_random_uuid(), $3,"
                " $4, 'k', 's', $2, now(), '{}')",
                number + 1,
                organisation,
                AlertRaised.TYPE,
                ALERT,
            )
    relay = Relay("egress", database, kafka_settings, EgressRoute(), TopicPlan(partitions=1))
    task = asyncio.create_task(relay.run())

    async def done() -> bool:
        return await published(database, "egress") == 3

    await eventually(done)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    log = await log_of(kafka_settings, f"zerocarbon.out.{other}.alert.v1", 1)
    assert [it["organisation"] for it in log[0]] == [other]
    assert numbers(log) == {0: [1]}


async def test_a_restored_store_is_not_published_over_what_readers_have(
    database: Database, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    await record(database, facts_of(10))
    async with relaying(database, kafka_settings, unique):
        await eventually(lambda: _reached(database, 10))
    await put_elsewhere(database.urls)
    with pytest.raises(NotRecognised, match="another database"):
        await asyncio.wait_for(relay_over(database, kafka_settings, unique).run(), 20)
    await recognise(database.urls)
    await record(database, [Fact("s0", 10)])
    with pytest.raises(StoreRestored, match="relay_state"):
        await asyncio.wait_for(relay_over(database, kafka_settings, unique).run(), 20)
    assert await published(database) == 10
    assert sum(map(len, (await log_of(kafka_settings, topic)).values())) == 10


def test_numbers_depend_on_the_events_alone() -> None:
    at = TopicPartition(ALERT, 0)
    one = StoredEvent(1, 1, 1, "s", 1, "e1", "t.v1", ALERT, "k", "s", None, NOW, None, b"{}")
    events = [one._replace(position=number, event_id=f"e{number}") for number in range(1, 8)]
    whole = list(Numbering("/s", InternalRoute(), {ALERT: 1}, {at: 5}).records(events))
    pieces = Numbering("/s", InternalRoute(), {ALERT: 1}, {at: 5})
    assert [*pieces.records(events[:3]), *pieces.records(events[3:])] == whole
    assert [dict(it.headers)["ce_sequence"] for it in whole] == [b"%d" % number for number in range(5, 12)]


def test_an_event_without_data_is_a_tombstone() -> None:
    event = StoredEvent(1, 1, 1, "s", 1, "e1", "t.v1", ALERT, "k", "s", None, NOW, "00-ab-cd-01", b"")
    (sent,) = Numbering("/s", InternalRoute(), {ALERT: 1}, {}).records([event])
    assert sent.value is None
    assert dict(sent.headers)["traceparent"] == b"00-ab-cd-01"
