"""The yardstick of the relay, as a process: aiokafka sends the same records, which are in memory already."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer

from benchmarks.topic import numbering
from benchmarks.turn import Arguments, Lap, Play, take_turn
from benchmarks.workload import Generator, Workload
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import TopicPartition
from zerocarbon.common.relay.numbering import Outgoing

BATCH_BYTES = 1024 * 1024


async def prepare(arguments: Arguments) -> Play:
    """All records in memory, by partition; an idempotent producer that is connected."""
    topic = arguments["topic"]
    generator = Generator(Workload(**arguments["workload"]), arguments["seed"])
    by_partition: dict[TopicPartition, list[Outgoing]] = {}
    for record in numbering(topic).records(generator.events()):
        by_partition.setdefault(record.partition, []).append(record)
    producer = AIOKafkaProducer(
        **KafkaSettings(arguments["kafka"]).aiokafka(),
        enable_idempotence=True,
        acks="all",
        max_batch_size=BATCH_BYTES,
        max_request_size=8 * BATCH_BYTES,
    )
    await producer.start()

    async def send(at: TopicPartition, records: Sequence[Outgoing]) -> None:
        batch = producer.create_batch()
        for record in records:
            fields = {
                "timestamp": record.timestamp_ms, "key": record.key, "value": record.value,
                "headers": record.headers,
            }  # fmt: skip
            if batch.append(**fields) is None:
                await (await producer.send_batch(batch, at.topic, partition=at.partition))
                batch = producer.create_batch()
                assert batch.append(**fields) is not None
        await (await producer.send_batch(batch, at.topic, partition=at.partition))

    async def play() -> Lap:
        begun = time.monotonic()
        await asyncio.gather(*(send(at, records) for at, records in by_partition.items()))
        ended = time.monotonic()
        await producer.stop()
        return Lap(begun, ended, sum(map(len, by_partition.values())))

    return play


if __name__ == "__main__":
    take_turn(prepare)
