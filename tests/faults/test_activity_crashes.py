"""Accounting's own fold of activity on a real broker: killed at every step, joined and left by others.

The invariant is that of every fault: the sums are, in their normalised digest, those of a fresh consumer that
reads the topic from the beginning, and by source those of plain addition over the facts.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import msgspec
import pytest_asyncio

from tests.faults.activity import PROCESSOR, digest, fact, holds, plain_totals, publish, totals
from tests.faults.workers import falling, order, running
from zerocarbon.accounting.consumers.activity_fold import ActivityProcessor
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.consumer.step import Step
from zerocarbon.common.consumer.worker import Worker, WorkerSettings
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.transport import PARTITIONS, Transport, eventually, kafka_transport
from zerocarbon.common.testing.trial_worker import Order
from zerocarbon.contracts.activity import ACTIVITY, ActivityEvent


@dataclass(frozen=True, slots=True)
class Scene:
    """Activity on its way from a store over the broker to accounting; `fresh` is another, empty one."""

    transport: Transport
    order: Order
    fresh: Database

    @property
    def live(self) -> Database:
        """Where the workers under test keep their sums."""
        return self.transport.database


@pytest_asyncio.fixture
async def scene(
    service_database: MakeDatabase, kafka_settings: KafkaSettings, unique: str
) -> AsyncIterator[Scene]:
    live, fresh = await service_database("accounting"), await service_database("accounting")
    async with kafka_transport(live, kafka_settings, unique, published=ACTIVITY) as transport:
        whole = order(transport, unique, kafka_settings.bootstrap_servers)
        yield Scene(transport, msgspec.structs.replace(whole, processor=PROCESSOR), fresh)


async def test_killed_at_every_step_the_sums_are_those_of_a_replay_from_zero(scene: Scene) -> None:
    """One process after the other dies at its step, some batches in; the last one finishes the work."""
    facts = [fact(number) for number in range(420)]
    await publish(scene.live, facts)
    for number, step in enumerate(Step):
        async with running(falling(scene.order, step, passes=number % 2)) as worker:
            await worker.killed()
    so_far = sum((await totals(scene.live)).values())
    assert 0 < so_far < sum(plain_totals(facts).values()), "they died on the way, not before or after"
    async with running(scene.order) as last:
        await eventually(holds(scene.live, facts))
        await last.leaves()
    await assert_equal_to_a_replay(scene, facts)


async def test_a_second_worker_joins_and_leaves_while_events_flow(scene: Scene) -> None:
    facts: list[ActivityEvent] = []
    enough = asyncio.Event()

    async def flow() -> None:
        while not enough.is_set():
            portion = [fact(len(facts) + number) for number in range(12)]
            await publish(scene.live, portion)
            facts.extend(portion)
            await asyncio.sleep(0.05)

    async with running(scene.order) as first:
        await first.says("reading")
        flowing = asyncio.create_task(flow())
        async with running(scene.order) as second:
            await second.says("reading")
            await eventually(lambda: shared_by(scene, workers=2))
            there = len(facts)
            await eventually(holds(scene.live, facts[: there + 1]))
            assert await second.leaves() == 0, "it was asked to end and lost its partitions before"
        left = len(facts)
        await eventually(lambda: shared_by(scene, workers=1))
        await asyncio.sleep(0.3)
        enough.set()
        await flowing
        assert 0 < there < left < len(facts), "events flowed before, while and after it was there"
        await eventually(holds(scene.live, facts))
        await first.leaves()
    await assert_equal_to_a_replay(scene, facts)


async def shared_by(scene: Scene, workers: int) -> bool:
    """Whether all partitions are read, by so many workers."""
    async with scene.live.reader() as session:
        rows = await session.connection.fetch(
            "SELECT owner FROM consumer_offset WHERE consumer = $1", scene.order.consumer
        )
    return len(rows) == PARTITIONS and len({row["owner"] for row in rows}) == workers


async def assert_equal_to_a_replay(scene: Scene, facts: Sequence[ActivityEvent]) -> None:
    assert await totals(scene.live) == plain_totals(facts)
    worker = Worker(
        f"{scene.order.consumer}-fresh",
        [scene.transport.topic],
        scene.transport.new_bus(),
        scene.fresh,
        ActivityProcessor(),
        WorkerSettings(wait_seconds=0.1),
    )
    task = asyncio.create_task(worker.run())
    await eventually(holds(scene.fresh, facts))
    worker.stop()
    await asyncio.wait_for(task, 20)
    assert await digest(scene.live) == await digest(scene.fresh)
