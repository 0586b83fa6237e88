"""The fold as a process: the product's worker and activity processor on the Kafka bus, over PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

from benchmarks.turn import Arguments, Lap, Play, take_turn
from zerocarbon.accounting.consumers.activity_fold import ActivityProcessor
from zerocarbon.accounting.store.positions import ACTIVITY_CONSUMER
from zerocarbon.common.bus.kafka import KafkaBus
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import Position, TopicPartition
from zerocarbon.common.consumer.step import Step
from zerocarbon.common.consumer.worker import Worker
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.urls import Urls


class TimedWorker(Worker):
    """Notes when it first got partitions: joining the group is not what is measured."""

    begun: float | None = None

    async def assigned(
        self, partitions: Sequence[TopicPartition]
    ) -> Mapping[TopicPartition, Position | None]:
        """See `Assignment.assigned`."""
        if self.begun is None:
            self.begun = time.monotonic()
        return await super().assigned(partitions)


async def prepare(arguments: Arguments) -> Play:
    """A worker that is to read up to given positions."""
    urls = Urls(**arguments["urls"])
    database = await Database.open(urls, name="benchmark")
    async with database.worker() as session:
        await session.connection.execute("SELECT 1")
    ended = 0.0

    def on_step(step: Step) -> None:
        nonlocal ended
        if step is Step.COMMITTED:
            ended = time.monotonic()

    worker = TimedWorker(
        ACTIVITY_CONSUMER,
        [arguments["topic"]],
        KafkaBus(KafkaSettings(arguments["kafka"])),
        database,
        ActivityProcessor(),
        on_step=on_step,
    )
    topic = arguments["topic"]
    until = {TopicPartition(topic, int(at)): Position(text) for at, text in arguments["until"].items()}

    async def play() -> Lap:
        try:
            await worker.run(until)
        finally:
            await database.close()
        assert worker.begun is not None, "no partition was assigned"
        return Lap(worker.begun, ended, arguments["items"])

    return play


if __name__ == "__main__":
    take_turn(prepare)
