"""A membership of the embedded bus."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from zerocarbon.common.bus.embedded_topic import PARTITION, TopicCursor
from zerocarbon.common.bus.listener import UNREACHABLE, Listener
from zerocarbon.common.bus.port import (
    Assignment,
    Batch,
    Halted,
    Part,
    Position,
    SubscriptionLost,
    TopicPartition,
)
from zerocarbon.common.eventstore.identity import Incarnation
from zerocarbon.common.postgres.database import Database

LOOK_AGAIN_SECONDS = 0.25
"""Events become readable when the last older transaction ends, which nobody gives notice of."""

COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Producer:
    """A store that publishes some of the topics."""

    database: Database
    listener: Listener
    incarnation: Incarnation
    topics: tuple[str, ...]


class EmbeddedSubscription:
    """Implements `Subscription`: alone in its group, or standing by until it is."""

    def __init__(
        self,
        consumer: str,
        producers: Sequence[Producer],
        assignment: Assignment,
        until: Mapping[TopicPartition, Position] | None,
    ) -> None:
        self._name = f"consumer {consumer}"
        self._producers = producers
        self._assignment = assignment
        self._until = until
        self._cursors: dict[str, TopicCursor] = {}
        self._told: list[Halted] = []
        self._generations: list[int] | None = None
        self._wake = asyncio.Event()
        for producer in producers:
            producer.listener.register(self._wake)

    async def next_batch(self, max_records: int, wait_seconds: float) -> Batch:
        """See `Subscription.next_batch`.

        Raises:
            Halted: a bound or a position is of another incarnation of the store, and a bound was given: the
                bound would never be reached.
        """
        deadline = asyncio.get_running_loop().time() + wait_seconds
        while True:
            self._wake.clear()
            batch = await self._read(max_records) if await self._member() else Batch()
            left = deadline - asyncio.get_running_loop().time()
            if batch.parts or batch.halted or left <= 0 or self.finished:
                return batch
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), min(left, LOOK_AGAIN_SECONDS))

    @property
    def finished(self) -> bool:
        """See `Subscription.finished`."""
        if self._until is None:
            return False
        return not self._producers or (
            bool(self._cursors) and all(cursor.reached for cursor in self._cursors.values())
        )

    async def committed(self, positions: Mapping[TopicPartition, Position]) -> None:
        """See `Subscription.committed`: nobody else wants to know."""

    async def lag(self) -> Mapping[TopicPartition, int]:
        """See `Subscription.lag`; counted up to 100,000 a topic."""
        waiting: dict[TopicPartition, int] = {}
        for producer in self._producers:
            cursors = [self._cursors[topic] for topic in producer.topics if topic in self._cursors]
            async with producer.database.reader() as session:
                for cursor in cursors:
                    waiting[cursor.partition] = await cursor.waiting(session.connection, COUNTED)
        return waiting

    async def close(self) -> None:
        """See `Subscription.close`."""
        for producer in self._producers:
            producer.listener.unregister(self._wake)
        await self._leave()

    async def _member(self) -> bool:
        """Whether this member reads; it joins when nobody else does."""
        if self._generations is not None:
            if self._generations != [producer.listener.generation for producer in self._producers]:
                self._cursors.clear()
                raise SubscriptionLost("the connection that held the membership is gone")
            return True
        generations: list[int] = []
        for producer in self._producers:
            if not await producer.listener.try_lock(self._name):
                for taken in self._producers[: len(generations)]:
                    await taken.listener.unlock(self._name)
                return False
            generations.append(producer.listener.generation)
        self._generations = generations
        await self._assign()
        return True

    async def _assign(self) -> None:
        incarnations = {
            topic: producer.incarnation for producer in self._producers for topic in producer.topics
        }
        partitions = [TopicPartition(topic, PARTITION) for topic in incarnations]
        stored = await self._assignment.assigned(partitions)
        for partition in partitions:
            until = self._until[partition] if self._until is not None else None
            cursor = TopicCursor(partition.topic, incarnations[partition.topic], stored[partition], until)
            self._cursors[partition.topic] = cursor
            if cursor.halted is not None:
                if self._until is not None:
                    raise cursor.halted
                self._told.append(cursor.halted)

    async def _leave(self) -> None:
        if self._generations is None:
            return
        self._generations = None
        held, self._cursors = self._cursors, {}
        await self._assignment.revoked([cursor.partition for cursor in held.values()])
        for producer in self._producers:
            await producer.listener.unlock(self._name)

    async def _read(self, max_records: int) -> Batch:
        share = max(1, max_records // max(1, len(self._cursors)))
        parts: list[Part] = []
        try:
            for producer in self._producers:
                async with producer.database.reader() as session:
                    for cursor in map(self._cursors.__getitem__, producer.topics):
                        if cursor.halted is not None:
                            continue
                        part = await cursor.take(session.connection, share)
                        if part is not None:
                            parts.append(part)
        except UNREACHABLE as lost:
            # What was read before the connection broke is dropped with the cursors that had passed it.
            raise SubscriptionLost(str(lost)) from lost
        halted, self._told = tuple(self._told), []
        return Batch(tuple(parts), halted)
