"""A topic as a client reads it that knows nothing of this product."""

from __future__ import annotations

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as KafkaPartition

from zerocarbon.common.bus.cloudevent import attributes_of
from zerocarbon.common.bus.kafka_settings import KafkaSettings


async def log_of(settings: KafkaSettings, topic: str, partitions: int = 3) -> dict[int, list[dict[str, str]]]:
    """Everything on a topic: attributes by partition, with key and value."""
    consumer = AIOKafkaConsumer(bootstrap_servers=settings.bootstrap_servers, auto_offset_reset="none")
    await consumer.start()
    try:
        ats = [KafkaPartition(topic, number) for number in range(partitions)]
        consumer.assign(ats)
        ends = await consumer.end_offsets(ats)
        found: dict[int, list[dict[str, str]]] = {at.partition: [] for at in ats}
        for at in ats:
            consumer.seek(at, 0)
        while sum(map(len, found.values())) < sum(ends.values()):
            for at, messages in (await consumer.getmany(timeout_ms=200)).items():
                found[at.partition] += [
                    {**attributes_of(m.headers), "key": m.key.decode(), "value": m.value.decode()}
                    for m in messages
                ]
        return found
    finally:
        await consumer.stop()
