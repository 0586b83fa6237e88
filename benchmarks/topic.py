"""Fills topics with the records that a relay would write."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from confluent_kafka import Consumer
from confluent_kafka import TopicPartition as KafkaPartition

from benchmarks.workload import PARTITIONS
from zerocarbon.common.bus import cloudevent
from zerocarbon.common.bus.kafka_cursor import encode_position
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import Position, TopicPartition
from zerocarbon.common.eventstore.event import StoredEvent
from zerocarbon.common.relay.numbering import Numbering
from zerocarbon.common.relay.sender import Sender

if TYPE_CHECKING:
    from benchmarks.stage import Stage

INCARNATION = "0190b000-0000-7000-8000-000000000001"


class OneTopic:
    """Implements `Route`: everything on one topic."""

    def __init__(self, topic: str) -> None:
        self._topic = topic

    def topic(self, event: StoredEvent) -> str | None:
        """See `Route.topic`."""
        return self._topic


def numbering(topic: str) -> Numbering:
    """Numbers from the beginning."""
    return Numbering(cloudevent.source("ingest", INCARNATION), OneTopic(topic), {topic: PARTITIONS}, {})


def publish(stage: Stage, topic: str, pages: Iterable[list[StoredEvent]]) -> None:
    """Makes a topic and writes events on it."""
    stage.make_topic(topic)
    asyncio.run(_publish(stage.kafka, topic, pages))


async def _publish(kafka: KafkaSettings, topic: str, pages: Iterable[list[StoredEvent]]) -> None:
    sender = Sender(kafka)
    numbers = numbering(topic)
    await sender.start()
    try:
        for page in pages:
            await sender.send(sender.pack(numbers.records(page)))
    finally:
        await sender.stop()


def ends(kafka: KafkaSettings, topic: str) -> dict[TopicPartition, int]:
    """The offset behind the last record of each partition."""
    consumer = Consumer({**kafka.consumer(f"ends of {topic}")})
    try:
        return {
            TopicPartition(topic, number): consumer.get_watermark_offsets(KafkaPartition(topic, number))[1]
            for number in range(PARTITIONS)
        }
    finally:
        consumer.close()


def bounds(kafka: KafkaSettings, topic: str) -> dict[TopicPartition, Position]:
    """The same as positions up to which a worker is to read."""
    return {at: encode_position(offset, {}) for at, offset in ends(kafka, topic).items()}
