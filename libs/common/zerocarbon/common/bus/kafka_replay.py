"""Reads one key's records again, from the beginning of its partition."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from confluent_kafka import Consumer, KafkaException
from confluent_kafka import TopicPartition as KafkaPartition

from zerocarbon.common.bus.kafka_cursor import PartitionCursor
from zerocarbon.common.bus.kafka_errors import raise_for
from zerocarbon.common.bus.kafka_run import record_of
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import BusUnavailable, Position, TopicPartition
from zerocarbon.common.bus.record import Record

AT_ONCE = 2_000
SILENCE_SECONDS = 30.0
"""The records are known to exist; when none come for so long, the broker does not answer."""


async def replay_key(
    settings: KafkaSettings, partition: TopicPartition, key: str, until: Position
) -> AsyncIterator[Record]:
    """The records of a key up to a position, through the same gate that live readers pass.

    Raises:
        Halted: a number is missing, or the log no longer begins at its beginning.
        BusUnavailable: the broker does not answer.
    """
    cursor = PartitionCursor(partition, None, gated=partition.topic not in settings.ungated, until=until)
    wanted = key.encode(errors="surrogateescape")
    # No member of any group: partitions are assigned by hand and nothing is committed.
    consumer = Consumer(settings.consumer("replay"))
    try:
        consumer.assign([KafkaPartition(partition.topic, partition.partition, 0)])
        while not cursor.reached:
            for message in await asyncio.to_thread(_read, consumer, cursor):
                if (message.key() or b"") == wanted:
                    yield record_of(message)
            if cursor.halted is not None:
                raise cursor.halted
    finally:
        await asyncio.to_thread(consumer.close)


def _read(consumer: Any, cursor: PartitionCursor) -> list[Any]:
    try:
        messages = consumer.consume(1, SILENCE_SECONDS)
        messages += consumer.consume(AT_ONCE, 0.05)
    except KafkaException as failed:
        raise BusUnavailable(str(failed)) from failed
    if not messages:
        raise BusUnavailable(f"{cursor.partition.topic}: nothing was read for {SILENCE_SECONDS:.0f} s")
    sound = []
    for message in messages:
        error = message.error()
        if error is None:
            sound.append(message)
        else:
            raise_for(error, cursor.partition)
    return list(cursor.admit(sound).messages)
