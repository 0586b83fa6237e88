"""How far a relay has published, and the next number of each partition: kept together, moved together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from zerocarbon.common.bus.port import TopicPartition
from zerocarbon.common.eventstore.event import Cursor
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.relay.restored import StoreRestored

_CLAIM = """
INSERT INTO relay_state AS held (relay, incarnation, epoch, owner) VALUES ($1, $2, 1, $3)
ON CONFLICT (relay) DO UPDATE SET epoch = held.epoch + 1, owner = excluded.owner
WHERE held.incarnation = excluded.incarnation
RETURNING event_epoch, tx, position, epoch
"""
_SAVE = """
UPDATE relay_state SET event_epoch = $3, tx = $4, position = $5, moved_at = now()
WHERE relay = $1 AND epoch = $2
"""
_SAVE_NUMBERS = """
INSERT INTO relay_sequence (relay, topic, partition, next, last_id)
SELECT $1, topic, partition, next, last_id FROM unnest($2::text[], $3::int[], $4::bigint[], $5::uuid[])
    AS saved (topic, partition, next, last_id)
ON CONFLICT (relay, topic, partition) DO UPDATE SET next = excluded.next, last_id = excluded.last_id
"""
_TOPIC = """
INSERT INTO relay_topic AS held (relay, topic, partitions) VALUES ($1, $2, $3)
ON CONFLICT (relay, topic) DO UPDATE SET partitions = held.partitions RETURNING partitions
"""


class RelayFenced(Exception):
    """Another relay has taken this store over; what this one sends the readers drop."""


class Mark(NamedTuple):
    """How far a partition was published: the next number, and the event that has the one before."""

    next_number: int
    last_id: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A relay's right to publish, and where it goes on."""

    epoch: int
    cursor: Cursor
    marks: Mapping[TopicPartition, Mark]


class RelayState:
    """The rows of one relay. Every call is part of the caller's transaction."""

    def __init__(self, relay: str) -> None:
        self.relay = relay

    async def claim(self, connection: Connection, incarnation: str, owner: str) -> Claimed:
        """Takes over.

        Raises:
            StoreRestored: what was published was another incarnation of the store; nothing was changed.
        """
        row = await connection.fetchrow(_CLAIM, self.relay, incarnation, owner)
        if row is None:
            published = await connection.fetchval(
                "SELECT incarnation::text FROM relay_state WHERE relay = $1", self.relay
            )
            raise StoreRestored.another_incarnation(self.relay, published, incarnation)
        marks = await connection.fetch(
            "SELECT topic, partition, next, last_id::text FROM relay_sequence WHERE relay = $1", self.relay
        )
        return Claimed(
            row["epoch"],
            Cursor(row["event_epoch"], row["tx"], row["position"]),
            {TopicPartition(it["topic"], it["partition"]): Mark(it["next"], it["last_id"]) for it in marks},
        )

    async def save(
        self, connection: Connection, epoch: int, cursor: Cursor, marks: Mapping[TopicPartition, Mark]
    ) -> None:
        """Notes what the broker has acknowledged: the cursor, and the marks that moved.

        The commit is asynchronous: a crash takes cursor and numbers back together, and what is then sent
        again has the numbers that it had before.

        Raises:
            RelayFenced: another relay has claimed the store; roll back.
        """
        await connection.execute("SET LOCAL synchronous_commit = off")
        tag = await connection.execute(_SAVE, self.relay, epoch, *cursor)
        if tag != "UPDATE 1":
            raise RelayFenced(self.relay)
        await connection.execute(
            _SAVE_NUMBERS,
            self.relay,
            [at.topic for at in marks],
            [at.partition for at in marks],
            [mark.next_number for mark in marks.values()],
            [mark.last_id for mark in marks.values()],
        )

    async def partitions(self, connection: Connection, topic: str, partitions: int) -> int:
        """The number of partitions with which a topic was first published, which is now unless it is new."""
        found: int = await connection.fetchval(_TOPIC, self.relay, topic, partitions)
        return found
