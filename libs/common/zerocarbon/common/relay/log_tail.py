"""What the log holds last of one source."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from aiokafka import AIOKafkaConsumer
from aiokafka import TopicPartition as KafkaPartition
from aiokafka.errors import KafkaTimeoutError

from zerocarbon.common.bus.cloudevent import attributes_of
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import TopicPartition

LOOK_BACK = 1_000
"""Records that are gone through for the last one of a source, where topics have several producers."""

AT_ONCE = 100
"""Partitions that are read together, a bound on memory: a fetch brings a batch of each."""

SILENCE_SECONDS = 30.0
_POLL_SECONDS = 0.5


class Sent(NamedTuple):
    """A record of a source as the log holds it."""

    number: int
    event_id: str
    offset: int


class Tails(NamedTuple):
    """What was found, by partition; `lacking` hold nothing of the source, and were looked through whole."""

    sent: Mapping[TopicPartition, Sent]
    lacking: frozenset[TopicPartition]


class LogTail:
    """Finds the highest number of a source near the end of partitions.

    One record of each partition is read. More only where it is somebody else's, or where its number is not
    the last that is known to be published: a relay that died may have sent a stretch, and its successor only
    the beginning of that stretch again. `stretch` bounds how many records that are.
    """

    def __init__(self, settings: KafkaSettings, source: str, stretch: int) -> None:
        self._settings = settings
        self._source = source
        self._stretch = stretch

    async def of(self, published: Mapping[TopicPartition, int]) -> Tails:
        """Looks at partitions.

        Args:
            published: the partitions, each with the last number that is known to be published, else 0.

        Raises:
            aiokafka.errors.KafkaError: the cluster does not answer.
        """
        consumer = AIOKafkaConsumer(
            **self._settings.aiokafka(), enable_auto_commit=False, auto_offset_reset="none"
        )
        await consumer.start()
        try:
            found: dict[TopicPartition, Sent] = {}
            lacking: set[TopicPartition] = set()
            for ats in _groups(sorted(published)):
                sent, without = await self._of_group(consumer, {at: published[at] for at in ats})
                found |= sent
                lacking |= without
            return Tails(found, frozenset(lacking))
        finally:
            await consumer.stop()

    async def _of_group(self, consumer: Any, published: Mapping[TopicPartition, int]) -> Tails:
        ats = [KafkaPartition(*at) for at in published]
        begins = _plain(await consumer.beginning_offsets(ats))
        ends = _plain(await consumer.end_offsets(ats))
        filled = {at: end for at, end in ends.items() if end > begins[at]}
        found = await self._highest(consumer, {at: end - 1 for at, end in filled.items()}, filled)
        again = {
            at: max(begins[at], end - self._window(found.get(at), published[at]))
            for at, end in filled.items()
            if at not in found or found[at].number != published[at]
        }
        found |= await self._highest(consumer, again, filled)
        whole = {at for at in published if at not in filled or again.get(at) == begins[at]}
        return Tails(found, frozenset(whole - found.keys()))

    def _window(self, last: Sent | None, published: int) -> int:
        if last is None:
            return LOOK_BACK
        repeated = last.number - published if last.number > published else self._stretch
        return LOOK_BACK + min(repeated, self._stretch)

    async def _highest(
        self, consumer: Any, begins: Mapping[TopicPartition, int], ends: Mapping[TopicPartition, int]
    ) -> dict[TopicPartition, Sent]:
        """The record of the source with the highest number in each partition, from an offset to the end."""
        found: dict[TopicPartition, Sent] = {}
        waiting = {KafkaPartition(*at) for at in begins}
        if waiting:
            consumer.assign(list(waiting))
        for at, begin in begins.items():
            consumer.seek(KafkaPartition(*at), begin)
        clock = asyncio.get_running_loop().time
        deadline = clock() + SILENCE_SECONDS
        while waiting:
            read = await consumer.getmany(timeout_ms=int(_POLL_SECONDS * 1000))
            for kafka_at, messages in read.items():
                deadline = clock() + SILENCE_SECONDS
                at = TopicPartition(*kafka_at)
                for sent in filter(None, map(self._sent, messages)):
                    if at not in found or sent.number >= found[at].number:
                        found[at] = sent
            # Positions and not the last record's offset: compaction may have taken that record out.
            ended = [at for at in waiting if await consumer.position(at) >= ends[TopicPartition(*at)]]
            waiting.difference_update(ended)
            consumer.pause(*ended)
            if waiting and clock() > deadline:
                raise KafkaTimeoutError(f"the end of {len(waiting)} partitions could not be read")
        return found

    def _sent(self, message: Any) -> Sent | None:
        attributes = attributes_of(message.headers)
        digits = attributes.get("sequence", "")
        if attributes.get("source") != self._source or not digits.isdecimal():
            return None
        return Sent(int(digits), attributes.get("id", ""), message.offset)


def _plain(offsets: Mapping[Any, int]) -> dict[TopicPartition, int]:
    return {TopicPartition(*at): offset for at, offset in offsets.items()}


def _groups(ats: Sequence[TopicPartition]) -> Iterator[Sequence[TopicPartition]]:
    for begin in range(0, len(ats), AT_ONCE):
        yield ats[begin : begin + AT_ONCE]
