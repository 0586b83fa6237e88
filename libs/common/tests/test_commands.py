"""Commands: one effect a key, refusals that are kept, versions that are honoured."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from zerocarbon.common.assembly import assemble
from zerocarbon.common.bus.embedded import EmbeddedBus
from zerocarbon.common.clock import FixedClock, MachineClock
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import KEPT_FOR, Call
from zerocarbon.common.command.sweeper import Sweeper
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.eventstore.decider import Decider
from zerocarbon.common.eventstore.notifier import Notifier
from zerocarbon.common.eventstore.store import VersionConflict
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.refusal import Conflict, PreconditionFailed, refuse
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.contracts.alert import AlertRaised
from zerocarbon.contracts.base import Event

ORGANISATION = "0190a000-0000-7000-8000-000000000001"
SOMEBODY = Principal("0190a000-0000-7000-8000-00000000000a")


def _count(state: int, _event: Event) -> int:
    return state + 1


counter: Decider[int] = Decider(initial=int, evolve=_count)


@pytest_asyncio.fixture
async def service(service_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[ServiceContext]:
    database = await service_database("ingest")
    clock = FixedClock(datetime(2025, 6, 30, tzinfo=UTC))
    yield assemble("ingest", database, EmbeddedBus({}), clock, Notifier(database), data_directory=tmp_path)


def call(key: str | None = None, body: str = "a", dry_run: bool = False, if_match: int | None = None) -> Call:
    return Call("test", SOMEBODY, ORGANISATION, key, body, dry_run, if_match)


async def raise_alert(work: UnitOfWork) -> Answer:
    loaded = await work.load("alerts", counter)
    work.must_match(loaded.version)
    fact = AlertRaised(
        organisation_id=ORGANISATION, subject_id="s", rule="R119", severity="notice", message="m"
    )
    version = await work.append("alerts", loaded.version, [fact])
    return Answer(201, {"count": loaded.state + 1}, version)


async def refusing(work: UnitOfWork) -> Answer:
    await raise_alert(work)
    raise refuse("R105", "not this")


async def count(service: ServiceContext, table: str) -> int:
    async with service.database.worker() as session:
        return int(await session.connection.fetchval(f"SELECT count(*) FROM {table}"))


async def test_twins_of_one_request_have_one_effect(service: ServiceContext) -> None:
    answers = await asyncio.gather(*(service.commands.run(call("k"), raise_alert) for _ in range(6)))
    assert {answer.body["count"] for answer in answers} == {1}
    assert await count(service, "event") == 1


async def test_callers_without_a_key_all_have_their_effect(service: ServiceContext) -> None:
    answers = await asyncio.gather(*(service.commands.run(call(), raise_alert) for _ in range(4)))
    assert sorted(answer.body["count"] for answer in answers) == [1, 2, 3, 4]


async def test_commands_that_read_the_time_early_and_commit_late_are_tried_again(
    service_database: MakeDatabase, tmp_path: Path
) -> None:
    database = await service_database("ingest")
    live = assemble(
        "ingest", database, EmbeddedBus({}), MachineClock(), Notifier(database), data_directory=tmp_path
    )
    early, late = asyncio.Event(), asyncio.Event()

    async def slow(work: UnitOfWork) -> Answer:
        # It has its time already; the other command, begun later, commits before it loads.
        if not early.is_set():
            early.set()
            await late.wait()
        return await raise_alert(work)

    first = asyncio.create_task(live.commands.run(call(), slow))
    await early.wait()
    await live.commands.run(call(), raise_alert)
    late.set()
    assert (await first).body == {"count": 2}


async def test_a_key_is_not_good_for_another_request(service: ServiceContext) -> None:
    await service.commands.run(call("k", "a"), raise_alert)
    with pytest.raises(Conflict):
        await service.commands.run(call("k", "b"), raise_alert)


async def test_answers_are_swept_when_their_time_is_over_and_those_of_reactions_never(
    service: ServiceContext,
) -> None:
    await service.commands.run(call("asked"), raise_alert)
    reaction = Call("test", SOMEBODY, ORGANISATION, "reaction", "a", kept_for_ever=True)
    await service.commands.run(reaction, raise_alert)
    later = FixedClock(datetime(2025, 6, 30, tzinfo=UTC) + KEPT_FOR)
    assert await Sweeper(service.database, later).sweep() == 0
    later.set(later.now() + timedelta(seconds=1))
    assert await Sweeper(service.database, later).sweep() == 1
    assert (await service.commands.run(reaction, raise_alert)).body == {"count": 2}
    assert await count(service, "event") == 2


async def test_a_refusal_is_kept_audited_and_changes_nothing(service: ServiceContext) -> None:
    first = await service.commands.run(call("k"), refusing)
    second = await service.commands.run(call("k"), raise_alert)
    assert first == second
    assert (first.status, first.body["errors"][0]["rule"]) == (422, "R105")
    assert await count(service, "event") == 0
    assert await count(service, "audit") == 1


async def test_a_dry_run_takes_no_key_and_leaves_no_trace(service: ServiceContext) -> None:
    tried = await service.commands.run(call("k", dry_run=True), raise_alert)
    assert tried.body == {"count": 1, "dry_run": True}
    refused = await service.commands.run(call("k", dry_run=True), refusing)
    assert refused.status == 422
    for table in ("event", "stream_head", "idempotency", "audit"):
        assert await count(service, table) == 0


async def test_a_version_that_was_named_is_honoured(service: ServiceContext) -> None:
    await service.commands.run(call(), raise_alert)
    with pytest.raises(PreconditionFailed):
        await service.commands.run(call("k", if_match=2), raise_alert)
    assert (await service.commands.run(call("k", if_match=1), raise_alert)).version == 2


async def test_who_is_always_outrun_is_told_so(service: ServiceContext) -> None:
    async def outrun(work: UnitOfWork) -> Answer:
        loaded = await work.load("alerts", counter)
        await service.commands.run(call(), raise_alert)
        raise VersionConflict([loaded.stream])

    with pytest.raises(VersionConflict):
        await service.commands.run(call("k"), outrun)
    # What was decided by nobody is not kept: the key is free for the next attempt.
    assert (await service.commands.run(call("k"), raise_alert)).status == 201
