"""Records that could not be used: kept whole, visible, and replayed once the cause is gone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import asyncpg

from zerocarbon.common.bus.record import Record
from zerocarbon.common.postgres.session import Connection

MAX_REASON = 500
_WRITTEN = "consumer, topic, partition, record_offset, event_id, type, key, attributes, value, size, reason"
_COLUMNS = f"{_WRITTEN}, parked_at, replayed_at"


class Place(NamedTuple):
    """Where a record stands on its topic. Not all have an id: strangers may have sent anything."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """A parked record, why it was parked and when. The bytes are gone once their time to live is over.

    `size` is what the bytes came to, in bytes.
    """

    consumer: str
    record: Record
    size: int
    reason: str
    parked_at: datetime
    replayed_at: datetime | None
    bytes_kept: bool

    @property
    def place(self) -> Place:
        """Where it stands on its topic."""
        return Place(self.record.topic, self.record.partition, self.record.offset)


async def listed(
    connection: Connection, after: tuple[str, Place] | None, limit: int, *, replayed: bool = False
) -> list[ParkedEvent]:
    """Parked records of every consumer behind a consumer and place, in that order, without their bytes."""
    consumer, place = after if after is not None else ("", Place("", -1, -1))
    rows = await connection.fetch(
        f"SELECT {_COLUMNS.replace('value', 'substr(value, 1, 0) AS value', 1)} FROM parked_event"  # noqa: S608
        " WHERE (consumer, topic, partition, record_offset) > ($1, $2, $3, $4)"
        " AND ($5 OR replayed_at IS NULL) ORDER BY consumer, topic, partition, record_offset LIMIT $6",
        consumer,
        *place,
        replayed,
        limit,
    )
    return [_parked(row) for row in rows]


class Parked:
    """The parked records of one consumer. Every call is part of the caller's transaction."""

    def __init__(self, consumer: str) -> None:
        self.consumer = consumer

    async def add(self, connection: Connection, records: Sequence[tuple[Record, str]]) -> None:
        """Parks records, each with its reason."""
        await connection.copy_records_to_table(
            "parked_event",
            records=[self._row(record, reason) for record, reason in records],
            columns=_WRITTEN.split(", "),
        )

    async def waiting(
        self, connection: Connection, *, key: str | None = None, limit: int = 100
    ) -> list[ParkedEvent]:
        """Those not yet replayed, oldest first; of one key, if it is given."""
        rows = await connection.fetch(
            f"SELECT {_COLUMNS} FROM parked_event WHERE consumer = $1 AND replayed_at IS NULL"  # noqa: S608
            " AND ($2::text IS NULL OR key = $2) ORDER BY topic, partition, record_offset LIMIT $3",
            self.consumer,
            key,
            limit,
        )
        return [_parked(row) for row in rows]

    async def count(self, connection: Connection, *, key: str | None = None) -> int:
        """How many wait: while any does, what is made of its key is incomplete."""
        count: int = await connection.fetchval(
            "SELECT count(*) FROM parked_event WHERE consumer = $1 AND replayed_at IS NULL"
            " AND ($2::text IS NULL OR key = $2)",
            self.consumer,
            key,
        )
        return count

    async def find(self, connection: Connection, place: Place) -> ParkedEvent | None:
        """The record of a place, if it was parked."""
        row = await connection.fetchrow(
            f"SELECT {_COLUMNS} FROM parked_event"  # noqa: S608
            " WHERE consumer = $1 AND topic = $2 AND partition = $3 AND record_offset = $4",
            self.consumer,
            *place,
        )
        return _parked(row) if row is not None else None

    async def take(self, connection: Connection, places: Sequence[Place]) -> list[ParkedEvent]:
        """Marks records as replayed and gives them, in order; those replayed already are not given again."""
        rows = await connection.fetch(
            "UPDATE parked_event SET replayed_at = now()"  # noqa: S608
            " FROM unnest($2::text[], $3::int[], $4::bigint[]) AS given (at_topic, at_partition, at_offset)"
            " WHERE consumer = $1 AND topic = at_topic AND partition = at_partition"
            " AND record_offset = at_offset AND replayed_at IS NULL AND value IS NOT NULL"
            f" RETURNING {_COLUMNS}",
            self.consumer,
            [place.topic for place in places],
            [place.partition for place in places],
            [place.offset for place in places],
        )
        return sorted((_parked(row) for row in rows), key=lambda it: it.place)

    async def forget_bytes(self, connection: Connection, parked_before: datetime) -> int:
        """Drops the bytes of records parked before an instant: they may hold personal data."""
        return await forget_bytes(connection, parked_before, self.consumer)

    def _row(self, record: Record, reason: str) -> tuple[object, ...]:
        return (
            self.consumer,
            record.topic,
            record.partition,
            record.offset,
            _text(record.event_id),
            _text(record.type),
            _text(record.key) or "",
            json.dumps(dict(record.attributes)),
            record.value,
            len(record.value),
            (_text(reason) or "")[:MAX_REASON],
        )


def _text(text: str | None) -> str | None:
    """What PostgreSQL takes as text: strangers may have sent anything."""
    if text is None:
        return None
    return text.encode(errors="surrogateescape").decode(errors="replace").replace("\x00", "�")


def _parked(row: asyncpg.Record) -> ParkedEvent:
    record = Record(
        topic=row["topic"],
        partition=row["partition"],
        offset=row["record_offset"],
        key=row["key"],
        attributes=json.loads(row["attributes"]),
        value=row["value"] or b"",
    )
    return ParkedEvent(
        consumer=row["consumer"],
        record=record,
        size=row["size"],
        reason=row["reason"],
        parked_at=row["parked_at"],
        replayed_at=row["replayed_at"],
        bytes_kept=row["value"] is not None,
    )


async def forget_bytes(connection: Connection, parked_before: datetime, consumer: str | None = None) -> int:
    """Drops bytes and attributes of records parked before an instant; of all consumers if none is named."""
    tag = await connection.execute(
        "UPDATE parked_event SET value = NULL, attributes = '{}'"
        " WHERE parked_at < $1 AND value IS NOT NULL AND ($2::text IS NULL OR consumer = $2)",
        parked_before,
        consumer,
    )
    return int(tag.rpartition(" ")[2])
