"""The consumer runtime where the database fails it, and reactors and timers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import pytest_asyncio
from prometheus_client import REGISTRY

from zerocarbon.common.bus.port import Part, Position, TopicPartition
from zerocarbon.common.bus.record import Record, RecordRun
from zerocarbon.common.business_clock import LiveBusinessClock
from zerocarbon.common.clock import FixedClock
from zerocarbon.common.consumer.flush import Flusher, PreparedBatch
from zerocarbon.common.consumer.isolation import MAX_REFUSED
from zerocarbon.common.consumer.offsets import Fenced, Offsets
from zerocarbon.common.consumer.parked import Parked
from zerocarbon.common.consumer.processor import Unacceptable
from zerocarbon.common.consumer.reactor import Reaction, Reactor, reaction_key
from zerocarbon.common.consumer.rebuild import Rebuild, Version
from zerocarbon.common.consumer.step import Step, unobserved
from zerocarbon.common.consumer.timer import Timer, TimerLeader, cancel_timers, set_timer
from zerocarbon.common.consumer.worker import Worker, WorkerSettings
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.transport import embedded_transport, eventually
from zerocarbon.common.testing.trial import NOW, ORGANISATION, Fact, SumFold, alert, expected, record, sums
from zerocarbon.contracts.alert import ALERT, AlertRaised

MIGRATIONS = Path(__file__).parent / "bus_migrations"
AT = TopicPartition(ALERT, 0)
CONSUMER = "trial"


@pytest_asyncio.fixture
async def database(service_database: MakeDatabase) -> Database:
    return await service_database("trial", MIGRATIONS)


def batch(facts: list[Fact], base: str | None = None, after: str = "1/1") -> PreparedBatch:
    held = [
        Record(
            ALERT, 0, offset, fact.subject, {"id": f"e{offset}", "type": AlertRaised.TYPE}, alert(fact).data()
        )
        for offset, fact in enumerate(facts)
    ]
    run = RecordRun(held)
    part = Part(AT, Position(base) if base else None, Position(after), run)
    return PreparedBatch([part], [run], SumFold().prepare([run]), [])


async def claim(database: Database) -> int:
    async with database.worker() as session:
        claims = await Offsets(CONSUMER).claim(session.connection, [AT], "me")
    return claims[AT].epoch


async def state(database: Database) -> dict[str, object]:
    async with database.reader() as session:
        return dict(await sums(session.connection))


FACTS = [Fact("a", 1), Fact("b", 2), Fact("a", 3)]


class Fragile(Database):
    """Loses the connection after a COMMIT has gone through, once: the caller cannot know."""

    fail_once = True

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[Any]:
        async with super().worker() as session:
            yield session
        if type(self).fail_once:
            type(self).fail_once = False
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")


async def test_a_commit_of_unknown_outcome_is_settled_by_the_offset_row(database: Database) -> None:
    epoch = await claim(database)
    fragile = await Fragile.open(database.urls)
    await Flusher(CONSUMER, fragile, SumFold(), unobserved).flush(batch(FACTS), {AT: epoch})
    await fragile.close()
    assert not Fragile.fail_once
    assert await state(database) == expected(FACTS)


async def test_a_connection_lost_before_the_commit_is_tried_again(database: Database) -> None:
    epoch = await claim(database)
    cut = False

    class Cut(SumFold):
        async def flush(self, session: Any, work: Any) -> None:
            nonlocal cut
            await super().flush(session, work)
            if not cut:
                cut = True
                pid = await session.connection.fetchval("SELECT pg_backend_pid()")
                async with database.worker() as other:
                    await other.connection.execute("SELECT pg_terminate_backend($1)", pid)

    await Flusher(CONSUMER, database, Cut(), unobserved).flush(batch(FACTS), {AT: epoch})
    assert cut
    assert await state(database) == expected(FACTS)


async def test_a_flush_under_an_old_epoch_changes_nothing(database: Database) -> None:
    old = await claim(database)
    new = await claim(database)
    assert new > old
    flusher = Flusher(CONSUMER, database, SumFold(), unobserved)
    with pytest.raises(Fenced):
        await flusher.flush(batch(FACTS), {AT: old})
    assert await state(database) == {}
    await flusher.flush(batch(FACTS), {AT: new})
    with pytest.raises(Fenced):
        await flusher.flush(batch(FACTS), {AT: new})  # the base has moved
    assert await state(database) == expected(FACTS)


async def test_a_flush_for_a_partition_that_is_gone_is_fenced(database: Database) -> None:
    with pytest.raises(Fenced):
        await Flusher(CONSUMER, database, SumFold(), unobserved).flush(batch(FACTS), {})


async def test_every_refused_record_is_found_and_the_others_keep_their_order(database: Database) -> None:
    epoch = await claim(database)
    facts = [Fact("abc"[number % 3], number) for number in range(200)]
    bad = {13: Fact("a", 3_000_000), 77: Fact("b", 3_000_000), 199: Fact("z", 3_000_000)}
    mixed = [bad.get(number, fact) for number, fact in enumerate(facts)]
    await Flusher(CONSUMER, database, SumFold(), unobserved).flush(batch(mixed), {AT: epoch})
    assert await state(database) == expected(fact for fact in mixed if fact.number < 1000)
    async with database.reader() as session:
        parked = await Parked(CONSUMER).waiting(session.connection)
    assert [it.record.offset for it in parked] == sorted(bad)


async def test_more_refusals_than_poison_explains_stop_the_consumer(database: Database) -> None:
    epoch = await claim(database)
    facts = [Fact(f"s{number}", 3_000_000) for number in range(MAX_REFUSED + 1)]
    with pytest.raises(asyncpg.CheckViolationError):
        await Flusher(CONSUMER, database, SumFold(), unobserved).flush(batch(facts), {AT: epoch})
    assert await state(database) == {}


async def test_what_strangers_wrote_can_be_parked_whatever_it_is(database: Database) -> None:
    record_ = Record(ALERT, 0, 7, "k\udcff\x00", {"id": "i\x00", "subject": "\udcff"}, b"\x00\xff")
    async with database.worker() as session:
        await Parked(CONSUMER).add(session.connection, [(record_, "r\x00" * 1000)])
        (parked,) = await Parked(CONSUMER).waiting(session.connection)
        assert parked.record.value == b"\x00\xff"
        assert parked.record.attributes == record_.attributes
        assert len(parked.reason) == 500
        assert await Parked(CONSUMER).forget_bytes(session.connection, datetime.now(UTC) + timedelta(1)) == 1
        (parked,) = await Parked(CONSUMER).waiting(session.connection)
    assert not parked.bytes_kept


async def test_the_lag_is_told_while_a_partition_is_read_and_not_after(database: Database) -> None:
    def lag() -> float | None:
        found = {"consumer": "lagging", "topic": ALERT, "partition": "0"}
        return REGISTRY.get_sample_value("zerocarbon_consumer_lag_records", found)

    await record(database, FACTS)
    async with embedded_transport(database) as transport:
        bus = transport.new_bus()
        settings = WorkerSettings(wait_seconds=0.05, lag_seconds=0.01)
        worker = Worker("lagging", [ALERT], bus, database, SumFold(), settings)
        task = asyncio.create_task(worker.run())

        async def caught_up() -> bool:
            return lag() == 0

        await eventually(caught_up)
        worker.stop()
        await task
        await bus.close()
    assert lag() is None
    assert await state(database) == expected(FACTS)


def reactor(done: list[str], refuse: str | None = None) -> Reactor:
    async def act(event: AlertRaised, _record: Record, key: str) -> None:
        if event.message == refuse:
            raise Unacceptable("not this one")
        done.append(key)

    return Reactor({AlertRaised: [Reaction("remind", act), Reaction("suspend", act)]})


async def test_reactions_run_once_for_each_event_and_name(database: Database) -> None:
    done: list[str] = []
    await record(database, [Fact("a", 1), Fact("a", 2)])
    async with embedded_transport(database) as transport:
        bus = transport.new_bus()
        worker = Worker("reactor", [ALERT], bus, database, reactor(done), WorkerSettings(wait_seconds=0.05))
        task = asyncio.create_task(worker.run())

        async def all_done() -> bool:
            return len(done) == 4

        await eventually(all_done)
        worker.stop()
        await task
        again = Worker("reactor", [ALERT], bus, database, reactor(done), WorkerSettings(wait_seconds=0.05))
        task = asyncio.create_task(again.run())
        await asyncio.sleep(0.3)
        again.stop()
        await task
        await bus.close()
    assert len(set(done)) == len(done) == 4


async def test_a_reaction_cut_off_before_its_position_moved_runs_under_the_same_key(
    database: Database,
) -> None:
    done: list[str] = []
    await record(database, [Fact("a", 1)])

    class Died(BaseException):
        pass

    def die(step: Step) -> None:
        if step is Step.FLUSHED:
            raise Died

    async with embedded_transport(database) as transport:
        bus = transport.new_bus()
        worker = Worker(
            "reactor", [ALERT], bus, database, reactor(done), WorkerSettings(wait_seconds=0.05), die
        )
        with pytest.raises(Died):
            await worker.run()
        again = Worker("reactor", [ALERT], bus, database, reactor(done), WorkerSettings(wait_seconds=0.05))
        task = asyncio.create_task(again.run())

        async def repeated() -> bool:
            return len(done) == 4

        await eventually(repeated)
        again.stop()
        await task
        await bus.close()
    assert done[:2] == done[2:]
    assert done[0] != done[1]


async def test_a_reaction_that_is_refused_parks_its_event(database: Database) -> None:
    done: list[str] = []
    await record(database, [Fact("a", 1), Fact("a", 2), Fact("a", 3)])
    async with embedded_transport(database) as transport:
        bus = transport.new_bus()
        worker = Worker(
            "reactor", [ALERT], bus, database, reactor(done, refuse="2"), WorkerSettings(wait_seconds=0.05)
        )
        task = asyncio.create_task(worker.run())

        async def parked() -> bool:
            async with database.reader() as session:
                return await Parked("reactor").count(session.connection) == 1

        await eventually(parked)
        worker.stop()
        await task
        await bus.close()
    assert len(done) == 4


def test_the_key_of_a_reaction_is_the_same_everywhere() -> None:
    on_kafka = Record("zerocarbon.alert.v1", 17, 4711, "k", {"id": "e1", "sequence": "9"}, b"")
    embedded = Record("zerocarbon.alert.v1", 0, 3, "k", {"id": "e1"}, b"")
    assert reaction_key(on_kafka, "remind") == reaction_key(embedded, "remind")
    assert reaction_key(on_kafka, "remind") != reaction_key(on_kafka, "suspend")


def test_reactors_cannot_be_rebuilt() -> None:
    async def digest(_connection: object) -> str:
        raise AssertionError("never asked")

    acting = Version("r@2", reactor([]), digest)
    with pytest.raises(TypeError, match="only projections"):
        Rebuild("r", [ALERT], None, None, Version("r@1", SumFold(), digest), acting)  # type: ignore[arg-type]


async def test_timers_fire_when_the_clock_reaches_them_and_not_before(database: Database) -> None:
    fired: list[str] = []

    async def fire(timer: Timer, key: str) -> None:
        fired.append(f"{timer.subject}/{timer.rule}")
        assert key == timer.key

    clock = FixedClock(NOW)
    leader = TimerLeader(database, LiveBusinessClock(clock), fire)
    early = Timer("claim/1", "expiry", NOW + timedelta(days=1), ORGANISATION)
    late = Timer("claim/1", "review", NOW + timedelta(days=9), ORGANISATION)
    gone = Timer("claim/2", "expiry", NOW + timedelta(days=1), ORGANISATION)
    async with database.request(ORGANISATION) as session:
        for timer in (early, late, gone, early):
            await set_timer(session.connection, timer)
        await cancel_timers(session.connection, "claim/2")
    assert await leader.fire_due() == 0
    clock.set(NOW + timedelta(days=1))
    assert await leader.fire_due() == 1
    assert await leader.fire_due() == 0
    clock.set(NOW + timedelta(days=30))
    assert await leader.fire_due() == 1
    assert fired == ["claim/1/expiry", "claim/1/review"]


async def test_a_timer_whose_command_failed_fires_again_under_the_same_key(database: Database) -> None:
    keys: list[str] = []

    async def fire(_timer: Timer, key: str) -> None:
        keys.append(key)
        if len(keys) == 1:
            raise OSError("gone")

    async with database.worker() as session:
        await set_timer(session.connection, Timer("claim/1", "expiry", NOW, ORGANISATION))
    leader = TimerLeader(database, LiveBusinessClock(FixedClock(NOW)), fire, look_every_seconds=0.05)
    leading = [asyncio.create_task(leader.run()) for _ in range(2)]

    async def fired() -> bool:
        async with database.reader() as session:
            return bool(
                await session.connection.fetchval("SELECT count(*) FROM timer WHERE fired_at IS NOT NULL")
            )

    await eventually(fired)
    await asyncio.sleep(0.3)
    for task in leading:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
    assert len(keys) == 2
    assert len(set(keys)) == 1
