"""The two buses say the same, whatever the order and however the events are cut into batches."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.consumer.worker import Worker, WorkerSettings
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.transport import Transport, embedded_transport, eventually, kafka_transport
from zerocarbon.common.testing.trial import Fact, SumFold, record, sums

MIGRATIONS = Path(__file__).parent / "bus_migrations"

facts = st.lists(
    st.builds(Fact, st.sampled_from(["a", "b", "c", "d", "e"]), st.integers(-999, 999)),
    min_size=1,
    max_size=60,
)
"""A negative number is no reading but must add up as well."""


@pytest_asyncio.fixture
async def database(service_database: MakeDatabase) -> Database:
    return await service_database("trial", MIGRATIONS)


_examples: Iterator[int] = itertools.count()


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts, st.randoms(use_true_random=False), st.integers(1, 40), st.integers(1, 40), st.integers(1, 25))
async def test_any_order_and_batching_gives_the_same_sums_on_both_buses(
    database: Database,
    kafka_settings: KafkaSettings,
    given_facts: list[Fact],
    seeded: object,
    on_embedded: int,
    on_kafka: int,
    written_at_once: int,
) -> None:
    example = f"x{next(_examples)}"
    shuffled = sorted(given_facts, key=lambda _fact: seeded.random())  # type: ignore[attr-defined]
    # Each bus gets the facts in an order of its own, under subjects of its own.
    one = [Fact(f"{example}-one-{fact.subject}", fact.number) for fact in given_facts]
    other = [Fact(f"{example}-other-{fact.subject}", fact.number) for fact in shuffled]
    for held in (one, other):
        for begin in range(0, len(held), written_at_once):
            await record(database, held[begin : begin + written_at_once])
    async with (
        embedded_transport(database) as embedded,
        kafka_transport(database, kafka_settings, f"equal-{id(database)}") as kafka,
    ):
        await fold(embedded, "embedded", on_embedded, f"{example}-", 2 * len(given_facts))
        await fold(kafka, "kafka", on_kafka, f"{example}-", 2 * len(given_facts))
    digest = await normalised(database, "embedded", f"{example}-one-")
    assert digest == await normalised(database, "kafka", f"{example}-other-")
    assert digest == {
        subject: (len(numbers), sum(numbers))
        for subject, numbers in (
            (name, [fact.number for fact in given_facts if fact.subject == name]) for name in "abcde"
        )
        if numbers
    }


async def fold(transport: Transport, version: str, max_records: int, prefix: str, count: int) -> None:
    bus = transport.new_bus()
    limits = WorkerSettings(max_records=max_records, wait_seconds=0.05)
    worker = Worker(version, [transport.topic], bus, transport.database, SumFold(version), limits)
    task = asyncio.create_task(worker.run())

    async def all_of_them() -> bool:
        found = await normalised(transport.database, version, prefix)
        return sum(events for events, _total in found.values()) >= count

    await eventually(all_of_them)
    worker.stop()
    await task
    await bus.close()


async def normalised(database: Database, version: str, prefix: str) -> dict[str, tuple[int, int]]:
    async with database.reader() as session:
        found = await sums(session.connection, version)
    return {
        subject.removeprefix(prefix): (it.events, it.total)
        for subject, it in found.items()
        if subject.startswith(prefix)
    }
