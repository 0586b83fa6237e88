"""Sends pages to Kafka and waits until the broker has them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaProducer

from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import TopicPartition
from zerocarbon.common.relay.numbering import Outgoing, Page

BATCH_BYTES = 1024 * 1024
MAX_REQUEST_BYTES = 8 * 1024 * 1024
REQUEST_TIMEOUT_MS = 30_000


class Sender:
    """An idempotent producer. A failed page leaves it unusable: what was sent in part is sent again whole,
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

    async def send(self, page: Page) -> None:
        """Returns when every record of the page is acknowledged.

        Batches of a partition go one after the other, so that none can overtake a failed one.

        Raises:
            aiokafka.errors.KafkaError: some record may not have arrived.
        """
        async with asyncio.TaskGroup() as partitions:
            for at, records in page.records.items():
                partitions.create_task(self._send_in_order(at, records))

    async def _send_in_order(self, at: TopicPartition, records: Sequence[Outgoing]) -> None:
        for batch in self._batches(records):
            acknowledged = await self._producer.send_batch(batch, at.topic, partition=at.partition)
            await acknowledged

    def _batches(self, records: Sequence[Outgoing]) -> list[Any]:
        batches = []
        batch = self._producer.create_batch()
        for record in records:
            if not _append(batch, record):
                batches.append(batch)
                batch = self._producer.create_batch()
                assert _append(batch, record), "one record fits into an empty batch"
        batches.append(batch)
        return batches


def _append(batch: Any, record: Outgoing) -> bool:
    appended = batch.append(
        timestamp=record.timestamp_ms, key=record.key, value=record.value, headers=record.headers
    )
    return appended is not None
