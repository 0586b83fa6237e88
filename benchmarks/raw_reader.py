"""The yardstick of the fold, as a process: librdkafka reads a topic, nothing is decoded."""

from __future__ import annotations

import time

from confluent_kafka import Consumer
from confluent_kafka import TopicPartition as KafkaPartition
from zerocarbon.common.bus.kafka_settings import KafkaSettings

from benchmarks.contestant import Arguments, Lap, Play, take_turn
from benchmarks.stage import PARTITIONS

AT_ONCE = 10_000
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
