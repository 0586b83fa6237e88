"""One timer's or one event's fault stays its own: neither the others nor the process suffer."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from zerocarbon.common.bus.record import Record, RecordRun
from zerocarbon.common.business_clock import LiveBusinessClock
from zerocarbon.common.clock import FixedClock
from zerocarbon.common.consumer.reactor import Reaction, Reactor
from zerocarbon.common.consumer.timer import AT_ONCE, Timer, TimerLeader, set_timer
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.refusal import Conflict, NotFound, refuse
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.trial import NOW, ORGANISATION, Fact, alert
from zerocarbon.contracts.alert import ALERT, AlertRaised

MIGRATIONS = Path(__file__).parent / "bus_migrations"


@pytest_asyncio.fixture
async def database(service_database: MakeDatabase) -> Database:
    return await service_database("trial", MIGRATIONS)


async def test_faulty_timers_do_not_keep_others_from_firing(database: Database) -> None:
    fired: list[str] = []

    async def fire(timer: Timer, _key: str) -> None:
        if timer.rule == "broken":
            raise RuntimeError("a fault of the program")
        fired.append(timer.subject)

    async with database.worker() as session:
        for number in range(AT_ONCE):
            broken = Timer(f"b/{number}", "broken", NOW - timedelta(days=1), ORGANISATION)
            await set_timer(session.connection, broken)
        await set_timer(session.connection, Timer("claim/1", "expiry", NOW, ORGANISATION))
    leader = TimerLeader(database, LiveBusinessClock(FixedClock(NOW)), fire)
    assert await leader.fire_due() == 0
    assert await leader.fire_due() == 1
    assert fired == ["claim/1"]


@pytest.mark.parametrize(
    "fault",
    [refuse("R105", "not this"), Conflict("x", "taken"), NotFound("claim", "1"), asyncpg.DataError("bad")],
    ids=lambda fault: type(fault).__name__,
)
async def test_an_event_at_fault_is_parked_and_the_next_one_is_reacted_to(fault: Exception) -> None:
    seen: list[str] = []

    async def act(event: AlertRaised, _record: Record, _key: str) -> None:
        if event.message == alert(Fact("a", 1)).message:
            raise fault
        seen.append(event.message)

    facts = [Fact("a", 1), Fact("a", 2)]
    held = [
        Record(
            ALERT, 0, number, fact.subject, {"id": f"e{number}", "type": AlertRaised.TYPE}, alert(fact).data()
        )
        for number, fact in enumerate(facts)
    ]
    reactor = Reactor({AlertRaised: [Reaction("remind", act)]})
    prepared = reactor.prepare([RecordRun(held)])
    rejected = await reactor.perform(prepared.work)
    assert [one.index for one in rejected] == [0]
    assert seen == [alert(facts[1]).message]
