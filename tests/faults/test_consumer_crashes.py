"""Workers killed at every step, stopped past their session, and what must hold nevertheless.

The invariant is always the same: the state equals the one that a replay from the beginning gives, which is
the one that the facts themselves give.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.faults.workers import falling, order, running, standing
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.consumer.offsets import Offsets
from zerocarbon.common.consumer.step import Step
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.transport import Transport, embedded_transport, eventually, kafka_transport
from zerocarbon.common.testing.trial import Fact, expected, record, sums

MIGRATIONS = Path(__file__).parents[2] / "libs" / "common" / "tests" / "bus_migrations"
FENCED = "joining again"


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
        async with kafka_transport(database, request.getfixturevalue("kafka_settings"), unique) as found:
            yield found


def facts_of(subjects: int, each: int, first: int = 0) -> list[Fact]:
    return [Fact(f"s{subject}", first + number) for number in range(each) for subject in range(subjects)]


@pytest.fixture
def kafka_address(request: pytest.FixtureRequest, transport: Transport) -> str | None:
    if transport.name != "kafka":
        return None
    settings: KafkaSettings = request.getfixturevalue("kafka_settings")
    return settings.bootstrap_servers


def holds(database: Database, facts: list[Fact]) -> Callable[[], Awaitable[bool]]:
    async def enough() -> bool:
        async with database.reader() as session:
            found = await sums(session.connection)
        return sum(it.events for it in found.values()) >= len(facts)

    return enough


async def state(database: Database) -> dict[str, object]:
    async with database.reader() as session:
        return dict(await sums(session.connection))


async def test_killed_at_every_step_nothing_is_lost_and_nothing_counts_twice(
    transport: Transport, unique: str, kafka_address: str | None
) -> None:
    """One process after the other dies at its step, some batches in; the last one finishes the work."""
    facts = facts_of(6, 60)
    whole = order(transport, unique, kafka_address)
    await record(transport.database, facts)
    for number, step in enumerate(Step):
        async with running(falling(whole, step, passes=number % 2)) as worker:
            await worker.killed()
    async with transport.database.reader() as session:
        found = await sums(session.connection)
    so_far = sum(it.events for it in found.values())
    assert 0 < so_far < len(facts), "they died on the way, not before or after"
    async with running(whole):
        await eventually(holds(transport.database, facts))
    assert await state(transport.database) == expected(facts)


@pytest.mark.parametrize("transport", ["kafka"], indirect=True)
async def test_killed_at_random_moments_while_events_flow(
    transport: Transport, unique: str, kafka_address: str | None
) -> None:
    facts = facts_of(6, 60)
    whole = order(transport, unique, kafka_address)
    seeded = random.Random(20250630)
    for begin in (0, 180):
        async with running(whole) as worker:
            for at in range(begin, begin + 180, 30):
                await record(transport.database, facts[at : at + 30])
            await worker.says("reading")
            await asyncio.sleep(seeded.uniform(0, 0.1))
            worker.process.kill()
    async with running(whole):
        await eventually(holds(transport.database, facts))
    assert await state(transport.database) == expected(facts)


async def test_a_zombie_stopped_past_its_session_changes_no_row(
    database: Database, kafka_settings: KafkaSettings, unique: str
) -> None:
    """It stands with a prepared batch in hand; another does all the work; then it flushes that batch."""
    facts, more = facts_of(6, 20), facts_of(6, 20, first=20)
    async with kafka_transport(database, kafka_settings, unique) as transport:
        whole = order(transport, unique, kafka_settings.bootstrap_servers)
        await record(database, facts)
        async with running(standing(whole, Step.PREPARED)) as zombie:
            await zombie.stands()
            assert await state(database) == {}
            async with running(whole):
                # It gets the partitions once the session of the stopped one is over.
                await eventually(holds(database, facts))
                before = await rows(database, unique)
                zombie.goes_on()
                assert "partitions have gone" in await zombie.says(FENCED)
                assert await rows(database, unique) == before
                assert await state(database) == expected(facts)
                await record(database, more)
                await eventually(holds(database, facts + more))
                assert await zombie.leaves() == 1, "the metric counts what was fenced"
        assert await state(database) == expected(facts + more)


async def test_a_zombie_is_fenced_by_who_has_taken_over_and_not_yet_written(
    database: Database, kafka_settings: KafkaSettings, unique: str
) -> None:
    """The positions still stand where the zombie's batch begins: the epoch alone holds it off."""
    facts = facts_of(6, 20)
    async with kafka_transport(database, kafka_settings, unique) as transport:
        whole = order(transport, unique, kafka_settings.bootstrap_servers)
        await record(database, facts)
        async with running(standing(whole, Step.PREPARED)) as zombie:
            await zombie.stands()
            async with running(standing(whole, Step.PREPARED)) as successor:
                await successor.stands()
                before = await rows(database, unique)
                zombie.goes_on()
                await zombie.says(FENCED)
                assert await rows(database, unique) == before
                assert await state(database) == {}
                successor.goes_on()
                await eventually(holds(database, facts))
                await zombie.leaves()
                await successor.leaves()
    assert await state(database) == expected(facts)


async def rows(database: Database, consumer: str) -> tuple[object, ...]:
    """All that a flush writes: state, positions, parked records."""
    async with database.reader() as session:
        held = await Offsets(consumer).read(session.connection)
        parked = await session.connection.fetchval("SELECT count(*) FROM parked_event")
    return await state(database), {at: claim.position for at, claim in held.items()}, parked
