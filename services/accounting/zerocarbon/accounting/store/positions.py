"""How far accounting has read each topic."""

from __future__ import annotations

from dataclasses import dataclass

from zerocarbon.common.bus.port import Position, TopicPartition
from zerocarbon.common.postgres.session import Connection

ACTIVITY_CONSUMER = "accounting-activity"
REFERENCE_CONSUMER = "accounting-reference"
CERTIFICATE_CONSUMER = "accounting-certificates"
"""Durable names: positions and parked events are kept under them."""

CONSUMERS = (ACTIVITY_CONSUMER, REFERENCE_CONSUMER, CERTIFICATE_CONSUMER)
"""Those that inventories rest on; a rebuild beside them is none."""


@dataclass(frozen=True, slots=True)
class ReadTo:
    """A partition and the position to which a consumer has read it. `halted` says why it does not go on."""

    consumer: str
    partition: TopicPartition
    position: Position
    halted: str | None


async def read_to(connection: Connection) -> list[ReadTo]:
    """All partitions that were read at all; for workers and readers."""
    rows = await connection.fetch(
        "SELECT consumer, topic, partition, position, halted FROM consumer_offset"
        " WHERE position IS NOT NULL AND consumer = ANY ($1) ORDER BY topic, partition, consumer",
        list(CONSUMERS),
    )
    return [
        ReadTo(
            row["consumer"],
            TopicPartition(row["topic"], row["partition"]),
            Position(row["position"]),
            row["halted"],
        )
        for row in rows
    ]


async def halted(connection: Connection) -> list[tuple[str, TopicPartition, str]]:
    """Partitions that a consumer cannot read on, with the reason; also ones that it never read at all."""
    rows = await connection.fetch(
        "SELECT consumer, topic, partition, halted FROM consumer_offset"
        " WHERE halted IS NOT NULL AND consumer = ANY ($1) ORDER BY topic, partition, consumer",
        list(CONSUMERS),
    )
    return [(row["consumer"], TopicPartition(row["topic"], row["partition"]), row["halted"]) for row in rows]
