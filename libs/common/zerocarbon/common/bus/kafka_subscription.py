"""A membership in a Kafka consumer group whose positions are kept elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import structlog
from confluent_kafka import Consumer, KafkaException
from confluent_kafka import TopicPartition as KafkaPartition

from zerocarbon.common.bus.kafka_cursor import PartitionCursor, decode_position
from zerocarbon.common.bus.kafka_errors import raise_for
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.port import (
    MAX_BATCH_BYTES,
    Assignment,
    Batch,
    Halted,
    Position,
    SubscriptionLost,
    TopicPartition,
)

CHUNK = 500
LINGER_SECONDS = 0.01
"""How long a batch that has begun waits for more."""

_log = structlog.get_logger(__name__)
T = TypeVar("T")


class KafkaSubscription:
    """Implements `Subscription`. librdkafka is called from one thread of its own, so never concurrently.

    Rebalances are told to the assignment on the event loop while that thread waits.
    """

    def __init__(
        self,
        settings: KafkaSettings,
        consumer: str,
        topics: Sequence[str],
        assignment: Assignment,
        until: Mapping[TopicPartition, Position] | None,
    ) -> None:
        self._settings = settings
        self._assignment = assignment
        self._until = until
        self._loop = asyncio.get_running_loop()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"kafka {consumer}")
        self._cursors: dict[tuple[str, int], PartitionCursor] = {}
        self._told: list[Halted] = []
        self._committed: deque[tuple[TopicPartition, Position]] = deque()
        self._failure: Exception | None = None
        self._joined = False
        self._consumer = Consumer(settings.consumer(consumer))
        self._consumer.subscribe(
            list(topics), on_assign=self._assigned, on_revoke=self._revoked, on_lost=self._revoked
        )

    async def next_batch(self, max_records: int, wait_seconds: float) -> Batch:
        """See `Subscription.next_batch`."""
        return await self._call(lambda: self._next(max_records, wait_seconds))

    @property
    def finished(self) -> bool:
        """See `Subscription.finished`."""
        return self._until is not None and self._joined and all(c.reached for c in self._cursors.values())

    async def committed(self, positions: Mapping[TopicPartition, Position]) -> None:
        """See `Subscription.committed`: offsets go to the group, for lag tools and autoscalers."""
        # They go out with the next read. librdkafka holds a commit from this thread up while the reading
        # thread is told of a rebalance, and that one waits for this thread: neither would ever go on.
        self._committed.extend(positions.items())

    async def lag(self) -> Mapping[TopicPartition, int]:
        """See `Subscription.lag`, from the watermarks that came with the last fetch."""
        return await self._call(self._lag)

    async def close(self) -> None:
        """See `Subscription.close`."""
        try:
            await self._call(self._leave)
        finally:
            self._thread.shutdown(wait=False)

    async def _call(self, function: Callable[[], T]) -> T:
        return await self._loop.run_in_executor(self._thread, function)

    def _leave(self) -> None:
        self._tell_group()
        self._consumer.close()

    def _tell_group(self) -> None:
        offsets = {}
        while self._committed:
            at, position = self._committed.popleft()
            offsets[at] = decode_position(position)[0]
        if not offsets:
            return
        try:
            self._consumer.commit(
                offsets=[KafkaPartition(*at, offset) for at, offset in offsets.items()], asynchronous=True
            )
        except (KafkaException, RuntimeError) as refused:
            _log.debug("offsets not sent to the group", reason=str(refused))

    def _next(self, max_records: int, wait_seconds: float) -> Batch:
        self._tell_group()
        taken: dict[PartitionCursor, None] = {}
        for messages in self._chunks(max_records, wait_seconds):
            for cursor, held in self._by_cursor(messages).items():
                cursor.gather(held)
                taken[cursor] = None
        # What was gathered of a partition that has gone meanwhile belongs to its new owner.
        staying = [cursor for cursor in taken if self._cursors.get(cursor.partition) is cursor]
        parts = [part for cursor in staying if (part := cursor.part()) is not None]
        self._rest()
        halted, self._told = tuple(self._told), []
        return Batch(tuple(parts), halted)

    def _by_cursor(self, messages: Sequence[Any]) -> dict[PartitionCursor, list[Any]]:
        by_partition: dict[tuple[str, int], list[Any]] = {}
        for message in messages:
            if message.error() is not None:
                self._error(message)
                continue
            at = (message.topic(), message.partition())
            if at in by_partition:
                by_partition[at].append(message)
            else:
                by_partition[at] = [message]
        return {self._cursors[at]: held for at, held in by_partition.items() if at in self._cursors}

    def _chunks(self, max_records: int, wait_seconds: float) -> Iterator[list[Any]]:
        """What has come, in pieces that are looked at while they are in the processor's cache."""
        try:
            messages: list[Any] = self._consumer.consume(1, wait_seconds)
            count, size = 0, 0
            end = time.monotonic() + LINGER_SECONDS
            while messages:
                self._raise_failure()
                yield messages
                count += len(messages)
                size += sum(map(len, messages))
                if count >= max_records or size >= MAX_BATCH_BYTES:
                    return
                # Those that come are taken to be as large as those that came.
                fitting = (MAX_BATCH_BYTES - size) * count // max(size, 1) + 1
                wait = max(0.0, end - time.monotonic())
                messages = self._consumer.consume(min(CHUNK, max_records - count, fitting), wait)
            self._raise_failure()
        except KafkaException as failed:
            self._raise_failure()
            raise SubscriptionLost(str(failed)) from failed

    def _raise_failure(self) -> None:
        if self._failure is not None:
            failure, self._failure = self._failure, None
            raise SubscriptionLost(f"partitions could not be taken over: {failure}") from failure

    def _error(self, message: Any) -> None:
        at = TopicPartition(message.topic() or "", max(message.partition() or 0, 0))
        try:
            raise_for(message.error(), at)
        except Halted as halted:
            cursor = self._cursors.get(at)
            if cursor is not None and cursor.halted is None:
                cursor.halted = halted
        else:
            _log.info("kafka", reason=str(message.error()))

    def _rest(self) -> None:
        """Stops fetching what is halted or has reached its bound."""
        resting = []
        for at, cursor in self._cursors.items():
            if cursor.halted is not None and not cursor.resting:
                self._told.append(cursor.halted)
            if (cursor.halted is not None or cursor.reached) and not cursor.resting:
                cursor.resting = True
                resting.append(KafkaPartition(*at))
        if resting:
            self._consumer.pause(resting)

    def _lag(self) -> dict[TopicPartition, int]:
        waiting = {}
        for at, cursor in self._cursors.items():
            _low, high = self._consumer.get_watermark_offsets(KafkaPartition(*at), cached=True)
            waiting[cursor.partition] = max(0, high - cursor.offset)
        return waiting

    def _assigned(self, consumer: Any, given: Sequence[Any]) -> None:
        partitions = [TopicPartition(at.topic, at.partition) for at in given]
        self._joined = True
        if self._until is not None:
            partitions = [at for at in partitions if at in self._until]
        try:
            stored = self._on_loop(self._assignment.assigned(partitions)) if partitions else {}
        except Exception as failed:  # raised again on the reading side
            self._failure = failed
            consumer.incremental_assign([])
            return
        begin = []
        for at in partitions:
            until = self._until[at] if self._until is not None else None
            cursor = PartitionCursor(
                at, stored[at], gated=at.topic not in self._settings.ungated, until=until
            )
            self._cursors[at] = cursor
            begin.append(KafkaPartition(at.topic, at.partition, cursor.offset))
        idle = [at for at in given if TopicPartition(at.topic, at.partition) not in self._cursors]
        consumer.incremental_assign([*begin, *(KafkaPartition(at.topic, at.partition, 0) for at in idle)])
        if idle:
            consumer.pause(idle)

    def _revoked(self, consumer: Any, given: Sequence[Any]) -> None:
        partitions = [TopicPartition(at.topic, at.partition) for at in given]
        held = [at for at in partitions if self._cursors.pop(at, None) is not None]
        try:
            if held:
                self._on_loop(self._assignment.revoked(held))
        except Exception as failed:  # what is lost is lost; the epoch fences it
            _log.warning("revocation not told", reason=str(failed))
        finally:
            consumer.incremental_unassign(list(given))

    def _on_loop(self, work: Awaitable[T]) -> T:
        async def waited() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(waited(), self._loop).result()
