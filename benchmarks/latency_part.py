"""Two processes of the latency benchmark: who appends and who folds. The third is `relay_runner`.

Every event carries its number as its reading, so that each can be told apart and their sum is known.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from benchmarks.turn import Arguments, Lap, Play, take_turn
from benchmarks.workload import FIRST, ORGANISATION, RECORDED
from zerocarbon.accounting.consumers.activity_fold import ActivityProcessor
from zerocarbon.accounting.store.positions import ACTIVITY_CONSUMER
from zerocarbon.common.bus.kafka import KafkaBus
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.record import Run
from zerocarbon.common.consumer.processor import Prepared
from zerocarbon.common.consumer.step import Step
from zerocarbon.common.consumer.worker import Worker
from zerocarbon.common.eventstore.event import NewEvent, StreamAppend
from zerocarbon.common.eventstore.notifier import Notifier
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.ids import natural_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.session import WorkerSession
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.contracts.activity import ReadingsRecorded
from zerocarbon.proof.period import EPOCH

EACH_SECOND = 1_000
TOGETHER = 5
"""Events of one transaction."""

METERS = 200
SETTLING_SECONDS = 3.0
"""Until the relay leads and the worker has its partitions."""

_NUMBER = re.compile(rb'"values":\["([0-9]+)"\]')


def event(number: int) -> ReadingsRecorded:
    """A reading of one of the meters; its value is its number."""
    meter = number % METERS
    start = EPOCH + timedelta(seconds=FIRST + number // METERS * 60)
    return ReadingsRecorded(
        factory_id=natural_id("factory", str(meter % 16)),
        source_id=natural_id("source", str(meter)),
        meter_id=natural_id("meter", str(meter)),
        recorded_at=RECORDED,
        unit="kWh",
        start=start,
        interval_seconds=60,
        values=[Decimal(number)],
    )


class WatchedProcessor(ActivityProcessor):
    """Notes which events each flush commits."""

    def __init__(self) -> None:
        super().__init__()
        self.committing: list[int] = []
        self._numbers: dict[int, list[int]] = {}

    def prepare(self, runs: Sequence[Run]) -> Prepared:
        """See `Processor.prepare`."""
        prepared = super().prepare(runs)
        values = (value for run in runs for value in run.values())
        self._numbers[id(prepared.work)] = [int(found[1]) for found in map(_NUMBER.search, values) if found]
        return prepared

    async def flush(self, session: WorkerSession, work: Any) -> None:
        """See `Processor.flush`."""
        await super().flush(session, work)
        self.committing = self._numbers.pop(id(work))


async def prepare_appender(arguments: Arguments) -> Play:
    """Appends a few events at a time, at an even pace."""
    database = await Database.open(Urls(**arguments["urls"]), name="benchmark")
    notifier, store = Notifier(database), EventStore()
    items = arguments["items"]

    async def play() -> Lap:
        notifier.start()
        await asyncio.sleep(SETTLING_SECONDS)
        begun = time.monotonic()
        appended: dict[int, float] = {}
        for first in range(0, items, TOGETHER):
            ahead = begun + first / EACH_SECOND - time.monotonic()
            if ahead > 0:
                await asyncio.sleep(ahead)
            numbers = range(first, first + TOGETHER)
            appended.update(dict.fromkeys(numbers, time.monotonic()))
            events = tuple(NewEvent(event(it), ORGANISATION, natural_id("event", str(it))) for it in numbers)
            async with database.worker() as session:
                append = StreamAppend(f"block/{first}", 0, events)
                await store.append(session.connection, [append], RECORDED)
            notifier.wake()
        ended = time.monotonic()
        await asyncio.sleep(0.1)
        await notifier.stop()
        await database.close()
        return Lap(begun, ended, items, appended)

    return play


async def prepare_folder(arguments: Arguments) -> Play:
    """Folds until all events are committed."""
    database = await Database.open(Urls(**arguments["urls"]), name="benchmark")
    topic, items = arguments["topic"], arguments["items"]
    processor = WatchedProcessor()
    committed: dict[int, float] = {}

    def on_step(step: Step) -> None:
        if step is Step.COMMITTED:
            committed.update(dict.fromkeys(processor.committing, time.monotonic()))
            if len(committed) == items:
                worker.stop()

    bus = KafkaBus(KafkaSettings(arguments["kafka"]))
    worker = Worker(ACTIVITY_CONSUMER, [topic], bus, database, processor, on_step=on_step)

    async def play() -> Lap:
        begun = time.monotonic()
        await worker.run()
        await database.close()
        return Lap(begun, max(committed.values()), items, committed)

    return play


PARTS = {"appender": prepare_appender, "folder": prepare_folder}


async def prepare(arguments: Arguments) -> Play:
    """The part that the arguments name."""
    return await PARTS[arguments["part"]](arguments)


if __name__ == "__main__":
    take_turn(prepare)
