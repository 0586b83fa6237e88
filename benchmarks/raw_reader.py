"""The yardstick of the fold, as a process: librdkafka reads a topic, nothing is decoded.

It reads with the worker's settings, in pieces that stay in the processor's cache: of what was tried, the way
in which reading alone is fastest. With pieces of 10,000 it takes half as long again.
"""

from __future__ import annotations

import time

from confluent_kafka import Consumer
from confluent_kafka import TopicPartition as KafkaPartition

from benchmarks.turn import Arguments, Lap, Play, take_turn
from benchmarks.workload import PARTITIONS
from zerocarbon.common.bus.kafka_settings import KafkaSettings

AT_ONCE = 1_000
WAIT_SECONDS = 0.05


async def prepare(arguments: Arguments) -> Play:
    """A consumer of the product's settings, at the beginning of every partition."""
    consumer = Consumer(KafkaSettings(arguments["kafka"]).consumer("yardstick"))
    total = arguments["records"]

    async def play() -> Lap:
        begun = time.monotonic()
        consumer.assign([KafkaPartition(arguments["topic"], number, 0) for number in range(PARTITIONS)])
        read = 0
        while read < total:
            messages = consumer.consume(AT_ONCE, WAIT_SECONDS)
            assert not any(message.error() for message in messages[:1])
            read += len(messages)
        ended = time.monotonic()
        consumer.close()
        assert read == total, f"{read} of {total} records"
        return Lap(begun, ended, read)

    return play


if __name__ == "__main__":
    take_turn(prepare)
