"""What librdkafka's errors mean to a reader."""

from __future__ import annotations

from typing import Any

from confluent_kafka import KafkaError

from zerocarbon.common.bus.port import BusUnavailable, PositionLost, SubscriptionLost, TopicPartition

_LOST_POSITION = {KafkaError._AUTO_OFFSET_RESET, KafkaError.OFFSET_OUT_OF_RANGE}
_LOST_MEMBERSHIP = {
    KafkaError._MAX_POLL_EXCEEDED,
    KafkaError._FENCED,
    KafkaError._ASSIGNMENT_LOST,
    KafkaError.FENCED_INSTANCE_ID,
    KafkaError.UNKNOWN_MEMBER_ID,
}
_MISSING = {
    KafkaError.UNKNOWN_TOPIC_OR_PART,
    KafkaError._UNKNOWN_TOPIC,
    KafkaError._UNKNOWN_PARTITION,
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
}


def raise_for(error: Any, partition: TopicPartition) -> None:
    """Raises what an error event calls for; returns for those that librdkafka mends by itself.

    Raises:
        PositionLost: retention or truncation removed the next record.
        SubscriptionLost: this member was put out of its group.
        BusUnavailable: the topic is gone or may not be read.
    """
    code = error.code()
    if code in _LOST_POSITION:
        raise PositionLost(partition, str(error))
    if code in _LOST_MEMBERSHIP or error.fatal():
        raise SubscriptionLost(str(error))
    if code in _MISSING:
        raise BusUnavailable(str(error))
