"""The product's relay as a process: publishes what is in a store."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from benchmarks.topic import OneTopic
from benchmarks.turn import Arguments, Lap, Play, take_turn
from benchmarks.workload import PARTITIONS
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.topics import TopicPlan
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.common.relay import metrics
from zerocarbon.common.relay.relay import Relay

LOOK_SECONDS = 0.002


async def prepare(arguments: Arguments) -> Play:
    """A relay that ends when it has published so many events."""
    database = await Database.open(Urls(**arguments["urls"]), name="benchmark")
    name, topic, items = arguments["relay"], arguments["topic"], arguments["items"]
    kafka = KafkaSettings(arguments["kafka"])
    relay = Relay(name, database, kafka, OneTopic(topic), TopicPlan(PARTITIONS), [topic])
    leading, published = metrics.LEADING.labels(name), metrics.PUBLISHED.labels(name)

    async def reaches(metric: object, value: float) -> float:
        while metric._value.get() < value:  # type: ignore[attr-defined]  # noqa: ASYNC110 - it sets no event
            await asyncio.sleep(LOOK_SECONDS)
        return time.monotonic()

    async def play() -> Lap:
        task = asyncio.create_task(relay.run())
        begun = await reaches(leading, 1)
        ended = await reaches(published, items)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await database.close()
        return Lap(begun, ended, items)

    return play


if __name__ == "__main__":
    take_turn(prepare)
