"""Databases that were put back, copied or promoted: nothing is lost or counted twice without a word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg
import pytest

from zerocarbon.common.bus.embedded import EmbeddedBus
from zerocarbon.common.bus.embedded_topic import PARTITION, decode_position
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import Halted, Position, TopicPartition
from zerocarbon.common.bus.topics import TopicPlan
from zerocarbon.common.consumer.offsets import Offsets, halted
from zerocarbon.common.consumer.worker import Worker, WorkerSettings
from zerocarbon.common.eventstore.event import BEGINNING, StoredEvent
from zerocarbon.common.eventstore.identity import NotRecognised, recognise, verified
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.relay.relay import Relay
from zerocarbon.common.relay.restored import StoreRestored
from zerocarbon.common.testing.kafka_log import log_of
from zerocarbon.common.testing.restored import SERVICE, Cluster, give_name_back
from zerocarbon.common.testing.transport import PrefixedRoute, eventually
from zerocarbon.common.testing.trial import Fact, SumFold, expected, record, sums
from zerocarbon.contracts.alert import ALERT

MIGRATIONS = Path(__file__).parent / "bus_migrations"
PLAN = TopicPlan(partitions=2)
AT = TopicPartition(ALERT, PARTITION)
QUICK = WorkerSettings(wait_seconds=0.05, first_pause=0.05, longest_pause=0.5)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path / "cluster")
    yield made
    made.stop()


@pytest.fixture
def topic(unique: str) -> str:
    return f"{unique}.{ALERT}"


@asynccontextmanager
async def opened(cluster: Cluster) -> AsyncIterator[Database]:
    """The database until somebody does something to it."""
    database = await Database.open(cluster.urls, name=SERVICE)
    try:
        yield database
    finally:
        await database.close()


def facts_of(count: int, first: int = 0) -> list[Fact]:
    return [Fact(f"s{number % 5}", number) for number in range(first, first + count)]


def relay_over(database: Database, settings: KafkaSettings, unique: str) -> Relay:
    return Relay("internal", database, settings, PrefixedRoute(unique), PLAN, [f"{unique}.{ALERT}"])


async def relayed(database: Database, settings: KafkaSettings, unique: str, count: int) -> None:
    """A relay runs until it has saved so many records as published."""
    task = asyncio.create_task(relay_over(database, settings, unique).run())

    async def saved() -> bool:
        async with database.reader() as session:
            found = await session.connection.fetchval("SELECT sum(next - 1) FROM relay_sequence")
        return bool(found == count) or task.done()

    await eventually(saved)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def refused(database: Database, settings: KafkaSettings, unique: str, why: str) -> None:
    with pytest.raises(StoreRestored, match=why):
        await asyncio.wait_for(relay_over(database, settings, unique).run(), 20)


async def ids_in_log(settings: KafkaSettings, topic: str) -> list[str]:
    return [it["id"] for held in (await log_of(settings, topic, PLAN.partitions)).values() for it in held]


async def stored(database: Database) -> list[StoredEvent]:
    async with database.reader() as session:
        return await EventStore().read_after(session.connection, BEGINNING, 10_000)


@asynccontextmanager
async def consuming(database: Database) -> AsyncIterator[None]:
    """A consumer on the embedded bus, which must not fail."""
    bus = EmbeddedBus({ALERT: database})
    worker = Worker("fold", [ALERT], bus, database, SumFold(), QUICK)
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.stop()
        await asyncio.wait_for(task, 20)
        await bus.close()


async def folded(database: Database, facts: list[Fact]) -> None:
    """A consumer runs until it has what it should have."""

    async def reached() -> bool:
        async with database.reader() as session:
            return await sums(session.connection) == expected(facts)

    async with consuming(database):
        await eventually(reached)


async def halts(database: Database, facts: list[Fact]) -> str:
    """The reason for which a consumer stands still; it has taken in nothing but these facts."""

    async def found() -> bool:
        async with database.reader() as session:
            return bool(await halted(session.connection))

    async with consuming(database):
        await eventually(found)
        await asyncio.sleep(0.2)
        async with database.reader() as session:
            (one,) = await halted(session.connection)
            assert await sums(session.connection) == expected(facts)
    return one.reason


async def position_of(database: Database) -> Position:
    async with database.reader() as session:
        found = (await Offsets("fold").read(session.connection))[AT].position
    assert found is not None
    return found


async def test_a_store_reloaded_from_a_dump_keeps_its_order_and_is_noticed(
    cluster: Cluster, tmp_path: Path, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    first = await cluster.begin(MIGRATIONS)
    await cluster.burn_transaction_ids()
    old, new = facts_of(20), facts_of(10, first=20)
    async with opened(cluster) as database:
        for begin in range(0, 20, 4):
            await record(database, old[begin : begin + 4])
        await relayed(database, kafka_settings, unique, 20)
        await folded(database, old)
        before = await stored(database)
    other = Cluster(tmp_path / "other")
    try:
        cluster.dump_into(other)
        begun = await other.begin(MIGRATIONS)
        assert begun.name != first.name
        assert begun.epoch == first.epoch + 1
        assert await recognise(other.urls) == begun, "it is recognised once"
        async with opened(other) as database:
            for begin in range(0, 10, 2):
                await record(database, new[begin : begin + 2])
            after = await stored(database)
            assert after[:20] == before
            assert [event.key for event in after[20:]] == [fact.subject for fact in new]
            assert after[20].transaction < before[0].transaction, "ids did not start anew"
            async with database.reader() as session:
                store, paged = EventStore(), []
                while page := await store.read_after(
                    session.connection, paged[-1].cursor if paged else BEGINNING, 7
                ):
                    paged += page
                of_key = await store.read_key(
                    session.connection, ALERT, "s0", before[0].cursor, after[-2].cursor, 100
                )
            assert paged == after
            assert of_key == [event for event in after[1:-1] if event.key == "s0"]
            await refused(database, kafka_settings, unique, f"{first.name}.* holds incarnation {begun.name}")
            assert len(await ids_in_log(kafka_settings, topic)) == 20
            reason = await halts(database, old)
            assert first.name[:8] in reason
            assert begun.name[:8] in reason
            await give_name_back(other.urls, first.name)
            await folded(database, old + new)
            await relayed(database, kafka_settings, unique, 30)
            assert len(set(await ids_in_log(kafka_settings, topic))) == 30
    finally:
        other.stop()


async def test_a_cold_copy_that_was_put_back_is_not_published(
    cluster: Cluster, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    begun = await cluster.begin(MIGRATIONS)
    async with opened(cluster) as database:
        await record(database, facts_of(20))
        await relayed(database, kafka_settings, unique, 20)
        await folded(database, facts_of(20))
    copy = cluster.copy()
    async with opened(cluster) as database:
        await record(database, facts_of(10, first=20))
        await relayed(database, kafka_settings, unique, 30)
    cluster.put_back(copy)
    assert await cluster.begin(MIGRATIONS) == begun, "from inside, nothing can be seen"
    sent = await ids_in_log(kafka_settings, topic)
    async with opened(cluster) as database:
        await refused(
            database,
            kafka_settings,
            unique,
            rf"{topic}/[01] holds number \d+ of this store as event .* no event",
        )
        await record(database, facts_of(10, first=30))
        await refused(
            database, kafka_settings, unique, r"holds number \d+ of this store .* has event \S+ for"
        )
        assert await ids_in_log(kafka_settings, topic) == sent
        # Where there is no log, the reader went back with the store.
        await folded(database, facts_of(20) + facts_of(10, first=30))


async def test_a_promoted_standby_is_another_store_until_somebody_says_otherwise(
    cluster: Cluster, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    first = await cluster.begin(MIGRATIONS)
    async with opened(cluster) as database:
        await record(database, facts_of(10))
        await relayed(database, kafka_settings, unique, 10)
        await folded(database, facts_of(10))
        position = await position_of(database)
    with cluster.as_standby(), pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await recognise(cluster.urls)
    async with opened(cluster) as database:
        # A process that has run all the time must not go on before somebody has looked.
        with pytest.raises(NotRecognised, match="timeline"):
            await relay_over(database, kafka_settings, unique).run()
        begun = await recognise(cluster.urls)
        assert (begun.name != first.name, begun.epoch) == (True, 2)
        async with database.reader() as session:
            assert await verified(session.connection) == begun
        await record(database, facts_of(5, first=10))
        assert [event.epoch for event in await stored(database)] == [1] * 10 + [2] * 5
        await refused(database, kafka_settings, unique, first.name)
        assert len(await ids_in_log(kafka_settings, topic)) == 10
        assert "restored or exchanged" in await halts(database, facts_of(10))
        assert await position_of(database) == position
        await _what_was_read_can_be_replayed(database, position)
        await give_name_back(cluster.urls, first.name)
        await relayed(database, kafka_settings, unique, 15)
        await folded(database, facts_of(15))
    log = await log_of(kafka_settings, topic, PLAN.partitions)
    for held in log.values():
        assert [int(it["sequence"]) for it in held] == list(range(1, len(held) + 1))
    assert sum(map(len, log.values())) == 15


async def _what_was_read_can_be_replayed(database: Database, position: Position) -> None:
    """Closed inventories name positions of long ago: these stay good as long as the store has the event."""
    bus = EmbeddedBus({ALERT: database})
    assert len([held async for held in bus.replay(ALERT, "s1", position)]) == 2
    place = decode_position(position).cursor
    lost = Position(position.replace(f"/{place.position}@", f"/{place.position + 1}@"))
    with pytest.raises(Halted, match="lacks the event"):
        assert [held async for held in bus.replay(ALERT, "s1", lost)] == []
    bounded = Worker("bounded", [ALERT], bus, database, SumFold("2"), QUICK)
    with pytest.raises(Halted, match="was read in incarnation"):
        await asyncio.wait_for(bounded.run({AT: position}), 20)
    await bus.close()
