"""How far a relay has published, and the next number of each partition: kept together, moved together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zerocarbon.common.bus.port import TopicPartition
from zerocarbon.common.eventstore.event import Cursor
from zerocarbon.common.postgres.session import Connection

_CLAIM = """
INSERT INTO relay_state AS held (relay, incarnation, epoch, owner) VALUES ($1, $2, 1, $3)
ON CONFLICT (relay) DO UPDATE SET epoch = held.epoch + 1, owner = excluded.owner
WHERE held.incarnation = excluded.incarnation
RETURNING tx, position, epoch
"""
_SAVE = """
UPDATE relay_state SET tx = $3, position = $4, moved_at = now() WHERE relay = $1 AND epoch = $2
"""
_SAVE_NUMBERS = """
INSERT INTO relay_sequence (relay, topic, partition, next)
SELECT $1, topic, partition, next FROM unnest($2::text[], $3::int[], $4::bigint[])
    AS saved (topic, partition, next)
ON CONFLICT (relay, topic, partition) DO UPDATE SET next = excluded.next
"""
_TOPIC = """
INSERT INTO relay_topic AS held (relay, topic, partitions) VALUES ($1, $2, $3)
ON CONFLICT (relay, topic) DO UPDATE SET partitions = held.partitions RETURNING partitions
"""


class RelayFenced(Exception):
    """Another relay has taken this store over; what this one sends the readers drop."""


class StoreRestored(Exception):
    """The store is another incarnation than the one that was published: nothing can be sent without guessing.

    Readers may hold events that a restored store has lost, and a position of one database says nothing about
    another: going on could leave events out, starting anew would count the old ones twice.
    """

    def __init__(self, relay: str, published: str, found: str) -> None:
        super().__init__(
            f"relay {relay}: incarnation {published} of the store was published, but this database holds"
            f" incarnation {found}: it was copied or restored from a dump. Nothing is published. Either bring"
            " the published database back; or, to publish this one from its first event: stop the services"
            " that read it, delete its topics, delete the rows of this relay from relay_sequence, relay_topic"
            " and relay_state, start the relay, and let every reader begin anew with empty tables."
        )
        self.relay = relay


@dataclass(frozen=True, slots=True)
class Claimed:
    """A relay's right to publish, and where it goes on."""

    epoch: int
    cursor: Cursor
    numbers: Mapping[TopicPartition, int]


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
            raise StoreRestored(self.relay, published, incarnation)
        numbers = await connection.fetch(
            "SELECT topic, partition, next FROM relay_sequence WHERE relay = $1", self.relay
        )
        return Claimed(
            row["epoch"],
            Cursor(row["tx"], row["position"]),
            {TopicPartition(it["topic"], it["partition"]): it["next"] for it in numbers},
        )

    async def save(
        self, connection: Connection, epoch: int, cursor: Cursor, numbers: Mapping[TopicPartition, int]
    ) -> None:
        """Notes what the broker has acknowledged: the cursor, and the numbers that moved.

        The commit is asynchronous: a crash takes cursor and numbers back together, and what is then sent
        again has the numbers that it had before.

        Raises:
            RelayFenced: another relay has claimed the store; roll back.
        """
        await connection.execute("SET LOCAL synchronous_commit = off")
        tag = await connection.execute(_SAVE, self.relay, epoch, cursor.transaction, cursor.position)
        if tag != "UPDATE 1":
            raise RelayFenced(self.relay)
        await connection.execute(
            _SAVE_NUMBERS,
            self.relay,
            [at.topic for at in numbers],
            [at.partition for at in numbers],
            list(numbers.values()),
        )

    async def partitions(self, connection: Connection, topic: str, partitions: int) -> int:
        """The number of partitions with which a topic was first published, which is now unless it is new."""
        found: int = await connection.fetchval(_TOPIC, self.relay, topic, partitions)
        return found
