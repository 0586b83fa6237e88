"""Where each consumer stands in each partition, and who may move it on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from zerocarbon.common.bus.port import Position, TopicPartition
from zerocarbon.common.postgres.session import Connection

_CLAIM = """
INSERT INTO consumer_offset AS held (consumer, topic, partition, epoch, owner)
SELECT $1, topic, partition, 1, $4 FROM unnest($2::text[], $3::int[]) AS given (topic, partition)
ORDER BY topic, partition
ON CONFLICT (consumer, topic, partition)
DO UPDATE SET epoch = held.epoch + 1, owner = excluded.owner, halted = NULL
RETURNING topic, partition, position, epoch
"""
_MOVE = """
UPDATE consumer_offset AS held SET position = moved.after, moved_at = now()
FROM unnest($2::text[], $3::int[], $4::bigint[], $5::text[], $6::text[])
    AS moved (topic, partition, epoch, base, after)
WHERE held.consumer = $1 AND held.topic = moved.topic AND held.partition = moved.partition
    AND held.epoch = moved.epoch AND held.position IS NOT DISTINCT FROM moved.base
"""
_HALT = """
UPDATE consumer_offset SET halted = $5
WHERE consumer = $1 AND topic = $2 AND partition = $3 AND epoch = $4
"""


class Fenced(Exception):
    """Somebody else has taken a partition over, or moved it on: nothing was written, all state is void."""


class Claim(NamedTuple):
    """A partition taken over: where to read on, and the epoch under which to write."""

    position: Position | None
    epoch: int


class Move(NamedTuple):
    """A position to be moved, valid only under its epoch and from its base."""

    partition: TopicPartition
    epoch: int
    base: Position | None
    after: Position


class HaltedPartition(NamedTuple):
    """A partition in which a consumer stands still, and why."""

    consumer: str
    topic: str
    partition: int
    reason: str


async def halted(connection: Connection) -> list[HaltedPartition]:
    """Every halted partition of every consumer of this database."""
    rows = await connection.fetch(
        "SELECT consumer, topic, partition, halted FROM consumer_offset WHERE halted IS NOT NULL"
        " ORDER BY consumer, topic, partition"
    )
    return [HaltedPartition(*row) for row in rows]


class Offsets:
    """The offset rows of one consumer. Every call is part of the caller's transaction.

    A partition has one epoch at a time. Claiming raises it, and waits for a flush that is under way; from
    then on no flush of an earlier owner changes a row.
    """

    def __init__(self, consumer: str) -> None:
        self.consumer = consumer

    async def claim(
        self, connection: Connection, partitions: Sequence[TopicPartition], owner: str
    ) -> dict[TopicPartition, Claim]:
        """Takes partitions over; a partition never read before has no position."""
        rows = await connection.fetch(
            _CLAIM, self.consumer, [at.topic for at in partitions], [at.partition for at in partitions], owner
        )
        return {
            TopicPartition(row["topic"], row["partition"]): Claim(row["position"], row["epoch"])
            for row in rows
        }

    async def move(self, connection: Connection, moves: Sequence[Move]) -> None:
        """Moves positions on, all or none. The rows stay locked until the transaction ends.

        Raises:
            Fenced: at least one row is not under this epoch at this base; roll back.
        """
        tag = await connection.execute(
            _MOVE,
            self.consumer,
            [move.partition.topic for move in moves],
            [move.partition.partition for move in moves],
            [move.epoch for move in moves],
            [move.base for move in moves],
            [move.after for move in moves],
        )
        changed = int(tag.rpartition(" ")[2])
        if changed != len(moves):
            raise Fenced(f"{self.consumer}: {len(moves) - changed} of {len(moves)} partitions have gone")

    async def read(self, connection: Connection) -> Mapping[TopicPartition, Claim]:
        """All rows as they stand."""
        rows = await connection.fetch(
            "SELECT topic, partition, position, epoch FROM consumer_offset WHERE consumer = $1", self.consumer
        )
        return {
            TopicPartition(row["topic"], row["partition"]): Claim(row["position"], row["epoch"])
            for row in rows
        }

    async def halt(self, connection: Connection, at: TopicPartition, epoch: int, reason: str) -> None:
        """Notes why a partition does not go on; the next claim clears it and tries again."""
        await connection.execute(_HALT, self.consumer, at.topic, at.partition, epoch, reason)
