"""What every bus promises, held against each of them."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import Bus, Position, TopicPartition
from zerocarbon.common.consumer.offsets import Offsets
from zerocarbon.common.consumer.parked import Parked
from zerocarbon.common.consumer.processor import Prepared, Processor
from zerocarbon.common.consumer.rebuild import DigestsDiffer, Rebuild, Version
from zerocarbon.common.consumer.replay import StillRejected, replay_parked
from zerocarbon.common.consumer.worker import Worker, WorkerSettings
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.transport import (
    Transport,
    embedded_transport,
    eventually,
    kafka_transport,
)
from zerocarbon.common.testing.trial import Fact, SumFold, alert, expected, record, sums
from zerocarbon.contracts.alert import AlertRaised

MIGRATIONS = Path(__file__).parent / "bus_migrations"
QUICK = WorkerSettings(wait_seconds=0.1, first_pause=0.05, longest_pause=0.5)


@pytest_asyncio.fixture
async def database(service_database: MakeDatabase) -> Database:
    return await service_database("trial", MIGRATIONS)


@pytest_asyncio.fixture(params=["embedded", "kafka"])
async def transport(
    request: pytest.FixtureRequest, database: Database, unique: str
) -> AsyncIterator[Transport]:
    if request.param == "embedded":
        async with embedded_transport(database) as found:
            yield found
    else:
        settings: KafkaSettings = request.getfixturevalue("kafka_settings")
        async with kafka_transport(database, settings, unique) as found:
            yield found


@asynccontextmanager
async def working(
    transport: Transport,
    consumer: str,
    processor: Processor | None = None,
    settings: WorkerSettings = QUICK,
    bus: Bus | None = None,
) -> AsyncIterator[Worker]:
    """A worker that runs for the length of the context and must not fail."""
    bus = bus or transport.new_bus()
    worker = Worker(consumer, [transport.topic], bus, transport.database, processor or SumFold(), settings)
    task = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        await asyncio.wait_for(task, 20)
        await bus.close()


def folded(database: Database, facts: list[Fact], version: str = "1") -> Callable[[], Awaitable[bool]]:
    """Whether the projection has as many events as the facts are."""

    async def holds() -> bool:
        async with database.reader() as session:
            found = await sums(session.connection, version)
        return sum(it.events for it in found.values()) >= len(facts)

    return holds


async def state(database: Database, version: str = "1") -> dict[str, object]:
    async with database.reader() as session:
        return dict(await sums(session.connection, version))


def facts_of(subjects: int, each: int, first: int = 0) -> list[Fact]:
    """Numbers in order for each subject, subjects taking turns."""
    return [Fact(f"s{subject}", first + number) for number in range(each) for subject in range(subjects)]


async def test_events_of_a_key_arrive_once_and_in_order(transport: Transport, unique: str) -> None:
    facts = facts_of(7, 40)
    for begin in range(0, len(facts), 35):
        await record(transport.database, facts[begin : begin + 35])
    async with working(transport, unique):
        await eventually(folded(transport.database, facts))
    assert await state(transport.database) == expected(facts)


async def test_a_consumer_resumes_where_it_stood(transport: Transport, unique: str) -> None:
    first, second = facts_of(5, 10), facts_of(5, 10, first=10)
    await record(transport.database, first)
    async with working(transport, unique):
        await eventually(folded(transport.database, first))
    await record(transport.database, second)
    async with working(transport, unique):
        await eventually(folded(transport.database, first + second))
    assert await state(transport.database) == expected(first + second)


async def test_events_written_while_reading_are_seen_soon(transport: Transport, unique: str) -> None:
    async with working(transport, unique) as worker:

        async def reading() -> bool:
            return worker.reading

        await eventually(reading)
        facts = facts_of(1, 1)
        await record(transport.database, facts)
        await eventually(folded(transport.database, facts), seconds=3)


async def test_a_zombie_changes_no_row(transport: Transport, unique: str) -> None:
    facts = facts_of(3, 10)
    halt, go_on = asyncio.Event(), asyncio.Event()

    class Slow(SumFold):
        async def flush(self, session: object, work: object) -> None:
            if not halt.is_set():
                halt.set()
                await go_on.wait()
            await super().flush(session, work)  # type: ignore[arg-type]

    await record(transport.database, facts)
    offsets = Offsets(unique)
    async with working(transport, unique, Slow()) as worker:
        await halt.wait()
        # The flush under way holds its rows; whoever claims them has to wait, then goes on behind it.
        claims = asyncio.create_task(_claim_all(transport, offsets))
        await asyncio.sleep(0.1)
        assert not claims.done()
        go_on.set()
        claimed = await claims
        assert any(position is not None for position in claimed.values())
        more = facts_of(3, 10, first=10)
        before = await state(transport.database)
        worker.stop()
        await record(transport.database, more)
        await asyncio.sleep(0.3)
        # Its epoch is gone: what it still had in hand was rolled back.
        assert await state(transport.database) == before
    async with working(transport, unique):
        await eventually(folded(transport.database, facts + more))
    assert await state(transport.database) == expected(facts + more)


async def _claim_all(transport: Transport, offsets: Offsets) -> dict[TopicPartition, Position | None]:
    async with transport.database.worker() as session:
        held = await offsets.read(session.connection)
        claims = await offsets.claim(session.connection, sorted(held), "somebody else")
    return {at: claim.position for at, claim in claims.items()}


async def test_what_cannot_be_used_is_parked_and_the_rest_goes_on(transport: Transport, unique: str) -> None:
    good = facts_of(3, 10)
    await record(transport.database, good)
    await _append_raw(transport.database, b"{not json", "zerocarbon.alert.alert-raised.v1", "s0")
    await _append_raw(transport.database, b"{}", "zerocarbon.alert.alert-raised.v1", "s0")
    await _append_raw(transport.database, b"{}", "zerocarbon.alert.alert-raised.v9", "s1")
    await _append_raw(transport.database, b"{}", "zerocarbon.alert.unheard-of.v1", "s2")
    await _append_raw(transport.database, b"x" * 70_000, "zerocarbon.alert.alert-raised.v1", "s2")
    await record(transport.database, [Fact("s3", 2_000_000)])
    more = facts_of(3, 10, first=10)
    await record(transport.database, more)
    settings = WorkerSettings(wait_seconds=0.1, max_value_bytes=65_536)
    async with working(transport, unique, settings=settings):
        await eventually(folded(transport.database, good + more))
        await eventually(lambda: _parked_count(transport, unique, 6))
    assert await state(transport.database) == expected(good + more)
    async with transport.database.worker() as session:
        parked = await Parked(unique).waiting(session.connection)
    reasons = sorted(it.reason.split(":")[0] for it in parked)
    assert reasons == [
        "future version",
        "invalid JSON",
        "invalid fields",
        "refused",
        "too large",
        "unknown type",
    ]
    raw = next(it for it in parked if it.reason.startswith("invalid JSON"))
    assert raw.record.value == b"{not json"
    assert raw.record.key == "s0"
    assert raw.record.attributes["specversion"] == "1.0"


async def _parked_count(transport: Transport, consumer: str, count: int) -> bool:
    async with transport.database.reader() as session:
        return await Parked(consumer).count(session.connection) == count


async def _append_raw(database: Database, data: bytes, kind: str, key: str) -> None:
    """As a faulty producer would."""
    async with database.worker() as session:
        await session.connection.execute(
            "INSERT INTO event (stream_id, version, event_id, type, topic, key, subject, recorded_at, data)"
            " VALUES ('raw', 1, gen_random_uuid(), $1, $2, $3, 'raw', now(), $4)",
            kind,
            AlertRaised.TOPIC,
            key,
            data,
        )


async def test_parked_events_are_replayed_once_by_their_place(transport: Transport, unique: str) -> None:
    await _append_raw(
        transport.database, alert(Fact("s0", 5)).data().replace(b'"5"', b'"five"'), AlertRaised.TYPE, "s0"
    )
    await record(transport.database, [Fact("s0", 1)])
    async with working(transport, unique):
        await eventually(lambda: _parked_count(transport, unique, 1))
        await eventually(folded(transport.database, [Fact("s0", 1)]))
    async with transport.database.reader() as session:
        (parked,) = await Parked(unique).waiting(session.connection)
    place = parked.place
    with pytest.raises(StillRejected, match="no number"):
        await replay_parked(transport.database, unique, SumFold(), [place])

    class Mended(SumFold):
        def prepare(self, runs):  # type: ignore[no-untyped-def]
            assert [run.values()[0] for run in runs] == [parked.record.value]
            return Prepared({"s0": [5]})

    assert await replay_parked(transport.database, unique, Mended(), [place]) == 1
    assert await replay_parked(transport.database, unique, Mended(), [place]) == 0
    assert await state(transport.database) == expected([Fact("s0", 1), Fact("s0", 5)])


async def test_a_key_is_replayed_up_to_a_position(transport: Transport, unique: str) -> None:
    facts = facts_of(4, 25)
    await record(transport.database, facts)
    async with working(transport, unique):
        await eventually(folded(transport.database, facts))
    bus = transport.new_bus()
    at = await bus.partition_of(transport.topic, "s2")
    async with transport.database.reader() as session:
        until = (await Offsets(unique).read(session.connection))[at].position
    assert until is not None
    await record(transport.database, facts_of(4, 5, first=25))
    replayed = [held async for held in bus.replay(transport.topic, "s2", until)]
    await bus.close()
    assert [AlertRaised.model_validate_json(held.value).message for held in replayed] == [
        str(number) for number in range(25)
    ]
    assert {held.key for held in replayed} == {"s2"}
    assert len({held.event_id for held in replayed}) == 25


async def test_reading_stops_exactly_at_a_bound(transport: Transport, unique: str) -> None:
    facts = facts_of(4, 25)
    await record(transport.database, facts)
    async with working(transport, unique):
        await eventually(folded(transport.database, facts))
    async with transport.database.reader() as session:
        held = await Offsets(unique).read(session.connection)
    until = {at: claim.position for at, claim in held.items() if claim.position is not None}
    await record(transport.database, facts_of(4, 25, first=25))
    bus = transport.new_bus()
    bounded = Worker(f"{unique}-b", [transport.topic], bus, transport.database, SumFold("b"), QUICK)
    await asyncio.wait_for(bounded.run(until), 30)
    await bus.close()
    assert await state(transport.database, "b") == expected(facts)
    async with transport.database.reader() as session:
        reached = await Offsets(f"{unique}-b").read(session.connection)
    assert {at: claim.position for at, claim in reached.items() if claim.position} == until


async def test_a_projection_is_rebuilt_beside_the_live_one(transport: Transport, unique: str) -> None:
    facts = facts_of(4, 25)
    await record(transport.database, facts)
    old, new = SumFold("1"), SumFold("2")
    swapped: list[str] = []
    async with working(transport, f"{unique}@1", old):
        await eventually(folded(transport.database, facts))
        bus = transport.new_bus()
        rebuild = Rebuild(
            "sums",
            [transport.topic],
            bus,
            transport.database,
            Version(f"{unique}@1", old, old.digest),
            Version(f"{unique}@2", new, new.digest),
            QUICK,
        )

        async def swap(_connection: object) -> None:
            swapped.append("new")

        await asyncio.wait_for(rebuild.run(swap), 40)
        await bus.close()
    assert swapped == ["new"]
    assert await state(transport.database, "2") == await state(transport.database, "1")
    async with transport.database.reader() as session:
        assert await Offsets(f"{unique}@1").read(session.connection)
        assert not await Offsets(f"{unique}@2").read(session.connection)


async def test_a_rebuild_that_says_something_else_is_not_swapped_in(
    transport: Transport, unique: str
) -> None:
    await record(transport.database, facts_of(2, 3))
    old, new = SumFold("1"), SumFold("2")
    async with working(transport, f"{unique}@1", old):
        await eventually(folded(transport.database, facts_of(2, 3)))
    async with transport.database.worker() as session:
        await session.connection.execute("UPDATE sum_of SET total = total + 1 WHERE subject = 's0'")
    bus = transport.new_bus()
    rebuild = Rebuild(
        "sums",
        [transport.topic],
        bus,
        transport.database,
        Version(f"{unique}@1", old, old.digest),
        Version(f"{unique}@2", new, new.digest),
        QUICK,
    )

    async def swap(_connection: object) -> None:
        raise AssertionError("nothing may be swapped")

    with pytest.raises(DigestsDiffer):
        await asyncio.wait_for(rebuild.run(swap), 40)
    await bus.close()
    async with transport.database.reader() as session:
        assert await Offsets(f"{unique}@2").read(session.connection), "it stays for inspection"


async def test_members_join_and_leave_while_events_flow(transport: Transport, unique: str) -> None:
    facts = facts_of(9, 60)
    rounds = [facts[begin : begin + 54] for begin in range(0, len(facts), 54)]
    seeded = random.Random(20250630)
    async with working(transport, unique):
        for number, part in enumerate(rounds):
            await record(transport.database, part)
            if number % 3 == 1:
                async with working(transport, unique):
                    await asyncio.sleep(seeded.uniform(0.1, 0.5))
        await eventually(folded(transport.database, facts))
    assert await state(transport.database) == expected(facts)


async def test_lag_is_what_has_not_been_read(transport: Transport, unique: str) -> None:
    await record(transport.database, facts_of(3, 4))

    class Everything:
        async def assigned(self, partitions):  # type: ignore[no-untyped-def]
            return dict.fromkeys(partitions)

        async def revoked(self, partitions):  # type: ignore[no-untyped-def]
            pass

    bus = transport.new_bus()
    subscription = await bus.subscribe(unique, [transport.topic], Everything())
    read = 0
    async with asyncio.timeout(20):
        while read < 12:
            read += len(await subscription.next_batch(100, 0.2))
    assert set((await subscription.lag()).values()) == {0}
    await subscription.close()
    await bus.close()
