"""Workers killed at every step, stopped past their session, and what must hold nevertheless.

The invariant is always the same: the state equals the one that a replay from the beginning gives, which is
the one that the facts themselves give.
"""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.consumer.offsets import Offsets
from zerocarbon.common.consumer.step import Step
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.transport import Transport, embedded_transport, eventually, kafka_transport
from zerocarbon.common.testing.trial import Fact, expected, record, sums
from zerocarbon.common.testing.trial_worker import Order

MIGRATIONS = Path(__file__).parents[2] / "libs" / "common" / "tests" / "bus_migrations"


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


@asynccontextmanager
async def process(
    transport: Transport, consumer: str, kafka: str | None, die_at: Step | None = None, die_after: int = 0
) -> AsyncIterator[asyncio.subprocess.Process]:
    """A worker in a process of its own; it is killed at the end if it still lives."""
    urls = transport.database.urls
    order = Order(
        consumer,
        transport.topic,
        urls.owner,
        urls.request,
        urls.worker,
        kafka,
        die_at.value if die_at is not None else None,
        die_after,
    )
    arguments = ["-m", "zerocarbon.common.testing.trial_worker", msgspec.json.encode(order).decode()]
    started = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


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
    await record(transport.database, facts)
    for number, step in enumerate(Step):
        async with process(transport, unique, kafka_address, step, die_after=number % 2) as worker:
            assert await asyncio.wait_for(worker.wait(), 30) == -signal.SIGKILL
    async with transport.database.reader() as session:
        found = await sums(session.connection)
    so_far = sum(it.events for it in found.values())
    assert 0 < so_far < len(facts), "they died on the way, not before or after"
    async with process(transport, unique, kafka_address):
        await eventually(holds(transport.database, facts))
    assert await state(transport.database) == expected(facts)


@pytest.mark.parametrize("transport", ["kafka"], indirect=True)
async def test_killed_at_random_moments_while_events_flow(
    transport: Transport, unique: str, kafka_address: str | None
) -> None:
    facts = facts_of(6, 60)
    seeded = random.Random(20250630)
    for begin in (0, 180):
        async with process(transport, unique, kafka_address) as worker:
            assert worker.stdout is not None
            for at in range(begin, begin + 180, 30):
                await record(transport.database, facts[at : at + 30])
            await asyncio.wait_for(worker.stdout.readline(), 30)
            await asyncio.sleep(seeded.uniform(0, 0.1))
            worker.kill()
    async with process(transport, unique, kafka_address):
        await eventually(holds(transport.database, facts))
    assert await state(transport.database) == expected(facts)


async def test_a_zombie_stopped_past_its_session_changes_no_row(
    database: Database, kafka_settings: KafkaSettings, unique: str
) -> None:
    facts, more = facts_of(6, 20), facts_of(6, 20, first=20)
    address = kafka_settings.bootstrap_servers
    async with kafka_transport(database, kafka_settings, unique) as transport:
        async with process(transport, unique, address) as zombie:
            await record(database, facts)
            await eventually(holds(database, facts))
            epochs = await _epochs(database, unique)
            zombie.send_signal(signal.SIGSTOP)
            async with process(transport, unique, address):
                # It gets the partitions once the session of the stopped one is over.
                await record(database, more)
                await eventually(holds(database, facts + more))
                assert await state(database) == expected(facts + more)
                zombie.send_signal(signal.SIGCONT)
                last = facts_of(6, 5, first=40)
                await record(database, last)
                await eventually(holds(database, facts + more + last))
                await asyncio.sleep(1)
        assert await state(database) == expected(facts + more + last)
        assert all(
            after > before for before, after in zip(epochs, await _epochs(database, unique), strict=True)
        )


async def _epochs(database: Database, consumer: str) -> list[int]:
    async with database.reader() as session:
        held = await Offsets(consumer).read(session.connection)
    return [held[at].epoch for at in sorted(held)]
