"""Records that could not be used: kept whole, visible, and replayed once the cause is gone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from zerocarbon.common.bus.record import Record
from zerocarbon.common.postgres.session import Connection

MAX_REASON = 500
_COLUMNS = "topic, partition, record_offset, event_id, type, key, attributes, value, size, reason, parked_at"


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """A parked record, why it was parked and when. The bytes are gone once their time to live is over."""

    record: Record
    reason: str
    parked_at: datetime
    bytes_kept: bool


class Parked:
    """The parked records of one consumer. Every call is part of the caller's transaction."""

    def __init__(self, consumer: str) -> None:
        self.consumer = consumer

    async def add(self, connection: Connection, records: Sequence[tuple[Record, str]]) -> None:
        """Parks records, each with its reason."""
        await connection.copy_records_to_table(
            "parked_event",
            records=[self._row(record, reason) for record, reason in records],
            columns=["consumer", *(name.strip() for name in _COLUMNS.split(",")[:-1])],
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

    async def take(self, connection: Connection, event_ids: Sequence[str]) -> list[ParkedEvent]:
        """Marks records as replayed and gives them, in order; those replayed already are not given again."""
        rows = await connection.fetch(
            f"UPDATE parked_event SET replayed_at = now() WHERE consumer = $1 AND event_id = ANY ($2)"  # noqa: S608
            f" AND replayed_at IS NULL AND value IS NOT NULL RETURNING {_COLUMNS}",
            self.consumer,
            list(event_ids),
        )
        found = [_parked(row) for row in rows]
        return sorted(found, key=lambda it: (it.record.topic, it.record.partition, it.record.offset))

    async def forget_bytes(self, connection: Connection, parked_before: datetime) -> int:
        """Drops the bytes of records parked before an instant: they may hold personal data."""
        tag = await connection.execute(
            "UPDATE parked_event SET value = NULL, attributes = '{}'"
            " WHERE consumer = $1 AND parked_at < $2 AND value IS NOT NULL",
            self.consumer,
            parked_before,
        )
        return int(tag.rpartition(" ")[2])

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
    return ParkedEvent(record, row["reason"], row["parked_at"], row["value"] is not None)
