"""Topics of a Kafka cluster: made when missing, refused when they are not what this product stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from zerocarbon.common.bus.kafka_settings import KafkaSettings

COMPACTED = frozenset({"zerocarbon.inventory-latest.v1"})
FOREVER = "-1"


class PartitionsChanged(Exception):
    """A topic has another number of partitions than its keys were spread over."""

    def __init__(self, topic: str, expected: int, found: int) -> None:
        super().__init__(
            f"{topic} has {found} partitions, {expected} were expected: keys would move and lose their order."
            " A topic never grows. Make a new topic and replay the stores into it, or set"
            f" ZEROCARBON_TOPIC_PARTITIONS={found} if the topic was made with that many."
        )
        self.topic = topic


@dataclass(frozen=True, slots=True)
class TopicPlan:
    """How topics are made: retention is unlimited; a compacted one keeps the newest record of each key."""

    partitions: int = 48
    replication: int = 1

    def new(self, topic: str) -> NewTopic:
        """The request that creates a topic."""
        compacted = topic in COMPACTED or topic.endswith(".inventory-latest.v1")
        configuration = {"retention.ms": FOREVER, "retention.bytes": FOREVER}
        configuration["cleanup.policy"] = "compact" if compacted else "delete"
        return NewTopic(topic, self.partitions, self.replication, topic_configs=configuration)


async def ensure_topics(settings: KafkaSettings, topics: Sequence[str], plan: TopicPlan) -> None:
    """Creates what is missing and checks what is there. Safe when many processes do it at once.

    Raises:
        PartitionsChanged: a topic has another number of partitions.
        aiokafka.errors.KafkaError: the cluster refuses or does not answer.
    """
    admin = AIOKafkaAdminClient(**settings.aiokafka())
    await admin.start()
    try:
        found = await _partitions(admin, topics)
        missing = [topic for topic in topics if topic not in found]
        if missing:
            await _create(admin, [plan.new(topic) for topic in missing])
            found |= await _partitions(admin, missing)
        for topic in topics:
            if topic in found and found[topic] != plan.partitions:
                raise PartitionsChanged(topic, plan.partitions, found[topic])
    finally:
        await admin.close()


async def _partitions(admin: AIOKafkaAdminClient, topics: Sequence[str]) -> dict[str, int]:
    described = await admin.describe_topics(list(topics))
    return {item["topic"]: len(item["partitions"]) for item in described if item["error_code"] == 0}


async def _create(admin: AIOKafkaAdminClient, missing: list[NewTopic]) -> None:
    answer = await admin.create_topics(missing)
    for _topic, code, *_message in answer.topic_errors:
        error = for_code(code)
        if code != 0 and error is not TopicAlreadyExistsError:
            raise error(_topic)
