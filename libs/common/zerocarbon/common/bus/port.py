"""The port through which services read each other's events.

Nothing above it knows whether events come out of the producers' databases or out of Kafka.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, NewType, Protocol

from zerocarbon.common.bus.record import Record, Run

Position = NewType("Position", str)
"""How far a partition was read. Opaque: stored as text, compared for equality, never ordered."""

MAX_BATCH_BYTES = 4 * 1024 * 1024
"""A batch ends early when it holds that much: numbers out of blocks of readings take twenty times as much."""


class TopicPartition(NamedTuple):
    """One ordered sequence of records."""

    topic: str
    partition: int


class Halted(Exception):
    """A partition cannot be read on without guessing. It stays where it is until somebody looks."""

    def __init__(self, partition: TopicPartition, reason: str) -> None:
        super().__init__(f"{partition.topic}/{partition.partition}: {reason}")
        self.partition = partition
        self.reason = reason


class GapDetected(Halted):
    """A sequence number is missing: an event was lost between its store and this reader."""


class PositionLost(Halted):
    """The log no longer holds the next record; going on at its beginning would repeat or lose events."""


class SubscriptionLost(Exception):
    """This member is no longer part of the group: drop all state and subscribe again."""


class BusUnavailable(Exception):
    """The broker or a producer's database does not answer; trying again later is right."""


@dataclass(frozen=True, slots=True)
class Part:
    """The records of one partition in a batch, and where they begin and end.

    `base` is the position before the first record: what was stored last, `None` if nothing was.
    `after` is the position to store once all of them are dealt with. `run` may be empty while `after`
    differs from `base`: re-sent records were dropped.
    """

    partition: TopicPartition
    base: Position | None
    after: Position
    run: Run


@dataclass(frozen=True, slots=True)
class Batch:
    """At most one part a partition. `halted` names partitions that stopped behind their part."""

    parts: tuple[Part, ...] = ()
    halted: tuple[Halted, ...] = ()

    def __len__(self) -> int:
        return sum(len(part.run) for part in self.parts)


class Assignment(Protocol):
    """What a consumer does when partitions come and go. Called while `next_batch` runs, never otherwise."""

    async def assigned(
        self, partitions: Sequence[TopicPartition]
    ) -> Mapping[TopicPartition, Position | None]:
        """Takes partitions over, fences whoever had them, and says where to read on.

        A partition mapped to `None` is read from its beginning.
        """
        ...

    async def revoked(self, partitions: Sequence[TopicPartition]) -> None:
        """Partitions are about to go to somebody else, or have gone already: nothing may be assumed."""
        ...


class Subscription(Protocol):
    """A membership in the group of consumers that share a name.

    A caller may assume: records of one key arrive in the order in which they were stored; a position is
    delivered at most once in one assignment, and a record that its producer sent twice once only; a gap
    halts its partition instead of being skipped.
    A caller may not assume: any order between keys; that a partition stays (a zombie learns it late or
    never, so what is written must be conditional on epoch and position); that two deliveries of the same
    records are cut into the same batches.
    """

    async def next_batch(self, max_records: int, wait_seconds: float) -> Batch:
        """The next records, after at most `wait_seconds`; empty when none came.

        Raises:
            SubscriptionLost: the membership ended.
            BusUnavailable: nothing can be read at present.
        """
        ...

    @property
    def finished(self) -> bool:
        """Whether every assigned partition has reached the bound that the subscription was given."""
        ...

    async def committed(self, positions: Mapping[TopicPartition, Position]) -> None:
        """Positions were stored. Tells the transport for its own lag tools, best effort."""
        ...

    async def lag(self) -> Mapping[TopicPartition, int]:
        """How many records wait in each assigned partition, about."""
        ...

    async def close(self) -> None:
        """Leaves the group."""
        ...


class Bus(Protocol):
    """Reads topics. Publishing is not part of it: a service appends to its store, a relay does the rest."""

    async def subscribe(
        self,
        consumer: str,
        topics: Sequence[str],
        assignment: Assignment,
        until: Mapping[TopicPartition, Position] | None = None,
    ) -> Subscription:
        """Joins the group of consumers named `consumer`; members share the partitions.

        With `until`, reading stops exactly at these positions, and partitions without one are not read.

        Raises:
            BusUnavailable: nothing answers.
        """
        ...

    async def partition_of(self, topic: str, key: str) -> TopicPartition:
        """Where the records of a key are."""
        ...

    def replay(self, topic: str, key: str, until: Position) -> AsyncIterator[Record]:
        """All records of one key from the beginning up to and with `until`, in order, each once.

        `until` is a position of the key's partition, as stored by some consumer.

        Raises:
            Halted: the log is not whole.
            BusUnavailable: nothing answers.
        """
        ...

    async def close(self) -> None:
        """Frees connections; subscriptions are closed by their owners before."""
        ...
