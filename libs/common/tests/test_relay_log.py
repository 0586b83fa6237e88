"""Before a relay sends anything: what the log holds of its store is what the store holds."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import pytest_asyncio

from zerocarbon.common.bus import cloudevent
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import TopicPartition
from zerocarbon.common.bus.topics import TopicPlan, ensure_topics
from zerocarbon.common.eventstore.event import BEGINNING, StoredEvent
from zerocarbon.common.eventstore.identity import verified
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.relay.agreement import Agreement
from zerocarbon.common.relay.log_tail import LogTail, Sent, Tails
from zerocarbon.common.relay.numbering import Numbering
from zerocarbon.common.relay.relay import Relay
from zerocarbon.common.relay.restored import StoreRestored
from zerocarbon.common.relay.route import InternalRoute
from zerocarbon.common.relay.sender import Sender
from zerocarbon.common.relay.state import Mark
from zerocarbon.common.testing.kafka_log import log_of
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.transport import PrefixedRoute, eventually
from zerocarbon.common.testing.trial import NOW, Fact, record
from zerocarbon.contracts.alert import ALERT

MIGRATIONS = Path(__file__).parent / "bus_migrations"
PLAN = TopicPlan(partitions=1)
AT = TopicPartition(ALERT, 0)
MARKS = {AT: Mark(6, "e5")}
"""Five records were published and saved, the last as event e5."""


@pytest_asyncio.fixture
async def database(service_database: MakeDatabase) -> Database:
    return await service_database("trial", MIGRATIONS)


@pytest_asyncio.fixture
async def topic(kafka_settings: KafkaSettings, unique: str) -> str:
    topic = f"{unique}.{ALERT}"
    await ensure_topics(kafka_settings, [topic], PLAN)
    return topic


def events_of(first: int, last: int) -> list[StoredEvent]:
    return [
        StoredEvent(n, 1, n, "s", n, f"e{n}", "t.v1", ALERT, "k", "s", None, NOW, None, b"{}")
        for n in range(first, last + 1)
    ]


def from_sixth() -> Numbering:
    """What gives events their numbers from the sixth on."""
    return Numbering("/s", InternalRoute(), {ALERT: 1}, {AT: 6})


async def send(settings: KafkaSettings, source: str, topic: str, events: list[StoredEvent]) -> None:
    """As a relay sends its first events; nothing is saved."""
    numbering = Numbering(source, PrefixedRoute(topic.removesuffix(f".{ALERT}")), {topic: 1}, {})
    sender = Sender(settings)
    await sender.start()
    await sender.send(sender.pack(numbering.records(events)))
    await sender.stop()


async def source_of(database: Database) -> str:
    async with database.reader() as session:
        store = await verified(session.connection)
    return cloudevent.source(store.service, store.name)


async def relayed(database: Database, settings: KafkaSettings, unique: str, count: int) -> None:
    """A relay runs until it has saved so many events as published."""
    relay = Relay("internal", database, settings, PrefixedRoute(unique), PLAN, [f"{unique}.{ALERT}"])
    task = asyncio.create_task(relay.run())

    async def saved() -> bool:
        async with database.reader() as session:
            found = await session.connection.fetchval("SELECT next - 1 FROM relay_sequence")
        return bool(found == count) or task.done()

    await eventually(saved)
    task.cancel()
    _, failed = await asyncio.gather(asyncio.sleep(0), task, return_exceptions=True)
    if not isinstance(failed, asyncio.CancelledError):
        raise failed


def test_the_same_number_has_to_be_the_same_event() -> None:
    Agreement("internal", MARKS, {AT: Sent(5, "e5", 4)})
    with pytest.raises(StoreRestored, match=f"{ALERT}/0 holds number 5 .* event other .* has event e5"):
        Agreement("internal", MARKS, {AT: Sent(5, "other", 4)})


def test_a_log_that_lost_records_is_not_written_on() -> None:
    with pytest.raises(StoreRestored, match=r"ends with number 3 .* but 5 was acknowledged"):
        Agreement("internal", MARKS, {AT: Sent(3, "e3", 2)})
    assert not Agreement("internal", MARKS, {AT: Sent(3, "e3", 2)}, ungated=[ALERT]).ahead


def test_what_the_log_has_beyond_has_to_come_next_in_the_store() -> None:
    agreement = Agreement("internal", MARKS, {AT: Sent(9, "e9", 8)})
    numbering = from_sixth()
    agreement.compare(numbering.records(events_of(6, 8)))
    assert agreement.ahead, "one is still to be seen"
    agreement.compare(numbering.records(events_of(9, 12)))
    assert not agreement.ahead


def test_one_event_that_is_missing_before_moves_all_numbers_after_it() -> None:
    agreement = Agreement("internal", MARKS, {AT: Sent(9, "e9", 8)})
    lossy = [*events_of(6, 6), *events_of(8, 12)]
    with pytest.raises(StoreRestored, match=r"holds number 9 of this store as event e9 .* has event e10"):
        agreement.compare(from_sixth().records(lossy))
    assert "has no event for that number" in str(agreement.exhausted())


async def test_the_last_of_a_source_is_found_among_those_of_others(
    database: Database,
    kafka_settings: KafkaSettings,
    unique: str,
    topic: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await record(database, [Fact("s", number) for number in range(7)])
    await relayed(database, kafka_settings, unique, 7)
    await send(kafka_settings, "/somebody/else", topic, events_of(1, 12))
    source, at = await source_of(database), TopicPartition(topic, 0)
    found = (await LogTail(kafka_settings, source, 5).of({at: 7})).sent
    assert (found[at].number, found[at].offset) == (7, 6)
    monkeypatch.setattr("zerocarbon.common.relay.log_tail.LOOK_BACK", 12)
    assert await LogTail(kafka_settings, source, 5).of({at: 7}) == Tails({}, frozenset())
    # What is buried so deep cannot be checked; that is no reason to stand still.
    await record(database, [Fact("s", 7)])
    await relayed(database, kafka_settings, unique, 8)


async def test_a_stretch_that_was_sent_again_in_part_hides_nothing(
    database: Database, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    await record(database, [Fact("s", number) for number in range(20)])
    async with database.reader() as session:
        events = await EventStore().read_after(session.connection, BEGINNING, 100)
    source, at = await source_of(database), TopicPartition(topic, 0)
    # One relay died after 25, of which this store has lost five; the next one after ten of the same.
    lost = [event._replace(event_id=f"00000000-0000-7000-8000-{event.position:012}") for event in events[:5]]
    await send(kafka_settings, source, topic, [*events, *lost])
    await send(kafka_settings, source, topic, events[:10])
    assert (await LogTail(kafka_settings, source, 5).of({at: 0})).sent[at].number == 25
    with pytest.raises(StoreRestored, match=r"holds number 25 .* no event"):
        await relayed(database, kafka_settings, unique, 20)
    assert len((await log_of(kafka_settings, topic, 1))[0]) == 35


async def test_the_last_number_that_was_saved_is_compared_too(
    database: Database, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    await record(database, [Fact("s", number) for number in range(5)])
    await relayed(database, kafka_settings, unique, 5)
    async with database.worker() as session:
        # As in a copy of this store that has published five other events since.
        await session.connection.execute("UPDATE relay_sequence SET last_id = gen_random_uuid()")
    await record(database, [Fact("s", 5)])
    with pytest.raises(StoreRestored, match="holds number 5"):
        await relayed(database, kafka_settings, unique, 6)
    assert len((await log_of(kafka_settings, topic, 1))[0]) == 5


async def test_a_topic_that_is_met_later_is_looked_at_before_anything_goes_there(
    database: Database, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    await record(database, [Fact("s", number) for number in range(3)])
    await send(kafka_settings, await source_of(database), topic, events_of(1, 2))
    # No topics are named at the start, as for organisations' own.
    relay = Relay("internal", database, kafka_settings, PrefixedRoute(unique), PLAN)
    with pytest.raises(StoreRestored, match="holds number 2 of this store as event e2"):
        await asyncio.wait_for(relay.run(), 20)
    assert len((await log_of(kafka_settings, topic, 1))[0]) == 2


async def test_a_topic_that_was_deleted_is_not_begun_in_the_middle(
    database: Database, kafka_settings: KafkaSettings, unique: str, topic: str
) -> None:
    await record(database, [Fact("s", number) for number in range(5)])
    await relayed(database, kafka_settings, unique, 5)
    async with database.worker() as session:
        # The same log, gone: what was published stands under the name of a topic that holds nothing.
        await session.connection.execute("UPDATE relay_sequence SET topic = $1", f"{unique}-gone.{ALERT}")
    await record(database, [Fact("s", 5)])
    with pytest.raises(StoreRestored, match="holds no event of this store, but 5 were acknowledged"):
        await relayed(database, kafka_settings, f"{unique}-gone", 6)
    assert (await log_of(kafka_settings, f"{unique}-gone.{ALERT}", 1))[0] == []
