"""Sends pages to Kafka and waits until the broker has them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaProducer

from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import TopicPartition
from zerocarbon.common.relay.numbering import Outgoing

BATCH_BYTES = 1024 * 1024
MAX_REQUEST_BYTES = 8 * 1024 * 1024
REQUEST_TIMEOUT_MS = 30_000


@dataclass(frozen=True, slots=True)
class Parcel:
    """Records packed for their partitions, each partition's batches in order."""

    batches: dict[TopicPartition, list[Any]]
    records: int


class Sender:
    """An idempotent producer. A failed parcel leaves it unusable: what was sent in part is sent again whole,
    with the same numbers, by a new one."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._producer = AIOKafkaProducer(
            **settings.aiokafka(),
            enable_idempotence=True,
            acks="all",
            max_batch_size=BATCH_BYTES,
            max_request_size=MAX_REQUEST_BYTES,
            request_timeout_ms=REQUEST_TIMEOUT_MS,
        )

    async def start(self) -> None:
        """Connects.

        Raises:
            aiokafka.errors.KafkaError: the cluster does not answer.
        """
        await self._producer.start()

    async def stop(self) -> None:
        """Disconnects."""
        await self._producer.stop()

    def pack(self, records: Iterable[Outgoing]) -> Parcel:
        """Encodes records as they come, so that only bytes are held until they are sent."""
        packed: dict[TopicPartition, list[Any]] = {}
        count = 0
        for count, record in enumerate(records, start=1):  # noqa: B007 - the last is the number of records
            batches = packed.get(record.partition)
            if batches is None:
                batches = packed[record.partition] = [self._producer.create_batch()]
            if not _append(batches[-1], record):
                batches.append(self._producer.create_batch())
                assert _append(batches[-1], record), "one record fits into an empty batch"
        return Parcel(packed, count)

    async def send(self, parcel: Parcel) -> None:
        """Returns when every record is acknowledged.

        Batches of a partition go one after the other, so that none can overtake a failed one.

        Raises:
            aiokafka.errors.KafkaError: some record may not have arrived.
        """
        async with asyncio.TaskGroup() as partitions:
            for at, batches in parcel.batches.items():
                partitions.create_task(self._send_in_order(at, batches))

    async def _send_in_order(self, at: TopicPartition, batches: Sequence[Any]) -> None:
        for batch in batches:
            acknowledged = await self._producer.send_batch(batch, at.topic, partition=at.partition)
            await acknowledged


def _append(batch: Any, record: Outgoing) -> bool:
    appended = batch.append(
        timestamp=record.timestamp_ms, key=record.key, value=record.value, headers=record.headers
    )
    return appended is not None
