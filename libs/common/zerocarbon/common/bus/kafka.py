"""The Kafka bus: topics of a cluster, read with librdkafka."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from zerocarbon.common.bus.kafka_replay import replay_key
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.kafka_subscription import KafkaSubscription
from zerocarbon.common.bus.partitioner import partition_for
from zerocarbon.common.bus.port import Assignment, BusUnavailable, Position, TopicPartition
from zerocarbon.common.bus.record import Record

METADATA_SECONDS = 10.0


class KafkaBus:
    """Implements `Bus` over a Kafka cluster. Members of a consumer share the partitions of its topics."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self._partitions: dict[str, int] = {}

    async def subscribe(
        self,
        consumer: str,
        topics: Sequence[str],
        assignment: Assignment,
        until: Mapping[TopicPartition, Position] | None = None,
    ) -> KafkaSubscription:
        """See `Bus.subscribe`. All topics must exist: what is created later would be read late."""
        for topic in topics:
            await self._count(topic)
        return KafkaSubscription(self._settings, consumer, topics, assignment, until)

    async def partition_of(self, topic: str, key: str) -> TopicPartition:
        """See `Bus.partition_of`. Partition counts never change, so they are asked for once."""
        return TopicPartition(topic, partition_for(key, await self._count(topic)))

    async def replay(self, topic: str, key: str, until: Position) -> AsyncIterator[Record]:
        """See `Bus.replay`: a scan of the key's partition from its beginning."""
        partition = await self.partition_of(topic, key)
        async for record in replay_key(self._settings, partition, key, until):
            yield record

    async def close(self) -> None:
        """See `Bus.close`: every subscription has its own client."""

    async def _count(self, topic: str) -> int:
        if topic not in self._partitions:
            try:
                self._partitions[topic] = await asyncio.to_thread(self._ask, topic)
            except KafkaException as failed:
                raise BusUnavailable(str(failed)) from failed
        return self._partitions[topic]

    def _ask(self, topic: str) -> int:
        found = AdminClient(self._settings.admin()).list_topics(topic, timeout=METADATA_SECONDS).topics[topic]
        if found.error is not None:
            raise BusUnavailable(f"{topic}: {found.error}")
        return len(found.partitions)
