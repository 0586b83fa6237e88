"""Append and read, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import asyncpg

from zerocarbon.common.eventstore.event import Cursor, NewEvent, StoredEvent, StreamAppend
from zerocarbon.common.eventstore.schema import CHANNEL
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.telemetry.tracing import current_traceparent

_COLUMNS = (
    "stream_id",
    "version",
    "event_id",
    "type",
    "topic",
    "key",
    "subject",
    "organisation_id",
    "recorded_at",
    "traceparent",
    "data",
)
MAX_EVENT_BYTES = 900 * 1024
"""What a broker takes in one message at its default, less room for headers. A larger one would stand at the
head of a relay's line for ever."""

COPY_FROM_ROWS = 64
"""Below that many rows one INSERT is cheaper than asking for COPY and doing it."""

# Ids as text, because that is what readers want and a UUID object costs a microsecond. What is ordered by
# names its table: the output column `tx` is an expression, for which no index serves.
_SELECT = (
    "SELECT position, epoch, tx::text::bigint, stream_id, version, event_id::text, type, topic, key, subject,"
    " organisation_id::text, recorded_at, traceparent, data FROM event"
)

# One epoch a query: of a comparison of rows that begins with the epoch, which nearly all rows share, the
# planner expects nothing, and sorts all that is to come for each page.
_IN_ORDER = "ORDER BY event.tx, event.position"
_LAST_TRANSACTION = 2**64 - 1

# No running transaction can still come before these. Epochs before the current one are settled.
_PAGE = f"""
{_SELECT} WHERE epoch = $1 AND (tx, position) > ($2::text::xid8, $3)
AND tx < (SELECT CASE WHEN store.epoch = $1 THEN pg_snapshot_xmin(pg_current_snapshot())
                 ELSE '{_LAST_TRANSACTION}'::xid8 END FROM store)
AND ($5::text[] IS NULL OR topic = ANY ($5)) {_IN_ORDER} LIMIT $4
"""  # noqa: S608
_PAGE_OF_KEY = f"""
{_SELECT} WHERE topic = $1 AND key = $2 AND epoch = $3 AND (tx, position) > ($4::text::xid8, $5)
AND (tx, position) <= ($6::text::xid8, $7) {_IN_ORDER} LIMIT $8
"""

_CREATE_HEADS = """
INSERT INTO stream_head (stream_id, version, organisation_id, recorded_at)
SELECT s, v, o, $4 FROM unnest($1::text[], $2::bigint[], $3::uuid[]) AS new (s, v, o)
ON CONFLICT (stream_id) DO NOTHING
"""
_MOVE_HEADS = """
UPDATE stream_head AS head SET version = head.version + new.added, recorded_at = $4
FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS new (stream, expected, added)
WHERE head.stream_id = new.stream AND head.version = new.expected AND head.recorded_at <= $4
"""
_INSERT = f"""
INSERT INTO event ({", ".join(_COLUMNS)})
SELECT * FROM unnest($1::text[], $2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[],
                     $7::text[], $8::uuid[], $9::timestamptz[], $10::text[], $11::bytea[])
"""  # noqa: S608


class VersionConflict(Exception):
    """A stream did not stand where the command had read it: somebody else was faster. Load and try again."""

    def __init__(self, streams: Sequence[str]) -> None:
        super().__init__(f"concurrent change of {', '.join(streams)}")
        self.streams = tuple(streams)


class ClockMovedBack(VersionConflict):
    """The business clock stands before the newest event of the stream: the append is refused.

    With a clock that runs this is a race like any other (somebody read the time later and committed sooner),
    and a later attempt passes; with one that was set back it stays.
    """

    def __init__(self, streams: Sequence[str]) -> None:
        super().__init__(streams)
        self.args = (f"{', '.join(streams)} holds facts recorded later than the business clock stands",)


class LoadedAfterWrite(Exception):
    """A stream was read after the transaction's first write: version 3 could be published before 2."""


class EventTooLarge(Exception):
    """An event does not fit into a message of the broker; it is refused before it can block a relay."""


class EventStore:
    """Appends events to streams and reads them back.

    A caller may assume: all appends of one transaction become visible together; events of one stream are
    read in version order; whatever `read_after` returned once it returns again from the same cursor.
    A caller may not assume that positions are contiguous, or that a higher position was committed later.

    An aggregate must be loaded before the transaction writes anything: a transaction id that was taken
    before the load could otherwise sort version 3 before version 2. `load_stream` checks that.
    """

    async def load_stream(self, connection: Connection, stream: str, after: int = 0) -> list[StoredEvent]:
        """All events of a stream after a version, in order.

        Raises:
            LoadedAfterWrite: see the class.
        """
        await self._nothing_written(connection)
        rows = await connection.fetch(
            f"{_SELECT} WHERE stream_id = $1 AND version > $2 ORDER BY version", stream, after
        )
        events = [_stored(row) for row in rows]
        for number, event in enumerate(events, start=after + 1):
            assert event.version == number, f"{stream} has a hole at version {number}"
        return events

    async def versions(self, connection: Connection, streams: Sequence[str]) -> dict[str, int]:
        """The versions of streams, zero where a stream does not exist yet; for appends that need no state.

        Raises:
            LoadedAfterWrite: see the class.
        """
        await self._nothing_written(connection)
        rows = await connection.fetch(
            "SELECT stream_id, version FROM stream_head WHERE stream_id = ANY ($1)", list(streams)
        )
        found = {row["stream_id"]: row["version"] for row in rows}
        return {stream: found.get(stream, 0) for stream in streams}

    async def append(
        self, connection: Connection, appends: Sequence[StreamAppend], recorded_at: datetime
    ) -> list[int]:
        """Appends to one or many streams, all or nothing; gives each stream's new version.

        Rows go in by COPY where the role may (workers), else by one INSERT: COPY is refused under
        row-level security.

        Raises:
            VersionConflict: a stream is not at its expected version.
            ClockMovedBack: `recorded_at` is before the newest event of a stream.
            EventTooLarge: an event does not fit into a message of the broker.
        """
        appends = [append for append in appends if append.events]
        if not appends:
            return []
        names = [append.stream for append in appends]
        assert len(set(names)) == len(names), "one append names a stream once"
        await self._move_heads(connection, appends, recorded_at)
        # Rows are made while the database takes in those before them.
        rows = (row for append in appends for row in _rows(append, recorded_at))
        count = sum(len(append.events) for append in appends)
        if count >= COPY_FROM_ROWS and await self._may_copy(connection):
            await connection.copy_records_to_table("event", records=rows, columns=_COLUMNS)
        else:
            await connection.execute(_INSERT, *(list(column) for column in zip(*rows, strict=True)))
        return [append.expected_version + len(append.events) for append in appends]

    async def read_after(
        self, connection: Connection, cursor: Cursor, limit: int, topics: Sequence[str] | None = None
    ) -> list[StoredEvent]:
        """The next events in reading order; only those that no running transaction can still precede."""
        wanted = list(topics) if topics is not None else None
        events: list[StoredEvent] = []
        current = cursor.epoch
        while True:
            epoch, transaction, position = cursor
            left = limit - len(events)
            page = await connection.fetch(_PAGE, epoch, str(transaction), position, left, wanted)
            events += map(_stored, page)
            if len(page) == left:
                return events
            cursor = events[-1].cursor if page else cursor
            if epoch < current:  # It was settled before this page was read: this was the rest of it.
                cursor = Cursor(epoch + 1, 0, 0)
                continue
            current = await connection.fetchval("SELECT epoch FROM store")
            if epoch >= current:
                return events

    async def read_key(
        self, connection: Connection, topic: str, key: str, after: Cursor, until: Cursor, limit: int
    ) -> list[StoredEvent]:
        """The events of one key behind `after`, up to and with `until`, which some reader has reached."""
        events: list[StoredEvent] = []
        while after < until and len(events) < limit:
            epoch, transaction, position = after
            last = until if epoch == until.epoch else Cursor(epoch, _LAST_TRANSACTION, 0)
            between = str(transaction), position, str(last.transaction), last.position
            left = limit - len(events)
            events += map(_stored, await connection.fetch(_PAGE_OF_KEY, topic, key, epoch, *between, left))
            after = Cursor(epoch + 1, 0, 0)
        return events

    async def holds(self, connection: Connection, cursor: Cursor) -> bool:
        """Whether there is an event at which a reader with this cursor would stand."""
        found = await connection.fetchval(
            "SELECT EXISTS (SELECT FROM event WHERE position = $1 AND epoch = $2 AND tx = $3::text::xid8)",
            cursor.position,
            cursor.epoch,
            str(cursor.transaction),
        )
        return bool(found)

    async def notify(self, connection: Connection) -> None:
        """Wakes readers. Call it after commit and rarely: in each commit it halves the commit rate."""
        await connection.execute("SELECT pg_notify($1, '')", CHANNEL)

    async def _move_heads(
        self, connection: Connection, appends: Sequence[StreamAppend], recorded_at: datetime
    ) -> None:
        created = sorted((a for a in appends if a.expected_version == 0), key=lambda a: a.stream)
        moved = sorted((a for a in appends if a.expected_version > 0), key=lambda a: a.stream)
        done = 0
        if created:
            done += _count(
                await connection.execute(
                    _CREATE_HEADS,
                    [a.stream for a in created],
                    [len(a.events) for a in created],
                    [a.events[0].organisation_id for a in created],
                    recorded_at,
                )
            )
        if moved:
            done += _count(
                await connection.execute(
                    _MOVE_HEADS,
                    [a.stream for a in moved],
                    [a.expected_version for a in moved],
                    [len(a.events) for a in moved],
                    recorded_at,
                )
            )
        if done != len(appends):
            if created:
                raise VersionConflict([a.stream for a in appends])
            raise await self._explain(connection, moved, recorded_at)

    async def _explain(
        self, connection: Connection, moved: Sequence[StreamAppend], recorded_at: datetime
    ) -> VersionConflict:
        names = [append.stream for append in moved]
        rows = await connection.fetch(
            "SELECT stream_id, version, recorded_at FROM stream_head WHERE stream_id = ANY ($1)", names
        )
        found = {row["stream_id"]: row for row in rows}
        for append in moved:
            head = found.get(append.stream)
            if head is None or head["version"] != append.expected_version:
                return VersionConflict(names)
        newer = [name for name, head in found.items() if head["recorded_at"] > recorded_at]
        return ClockMovedBack(newer) if newer else VersionConflict(names)

    async def _nothing_written(self, connection: Connection) -> None:
        if await connection.fetchval("SELECT pg_current_xact_id_if_assigned() IS NOT NULL"):
            raise LoadedAfterWrite("load before the transaction's first write")

    async def _may_copy(self, connection: Connection) -> bool:
        return bool(await connection.fetchval("SELECT NOT row_security_active('event')"))


def _rows(append: StreamAppend, recorded_at: datetime) -> Iterable[tuple[Any, ...]]:
    traceparent = current_traceparent()
    for number, event in enumerate(append.events, start=append.expected_version + 1):
        yield _row(append.stream, number, event, recorded_at, traceparent)


def _row(
    stream: str, version: int, event: NewEvent, recorded_at: datetime, traceparent: str | None
) -> tuple[Any, ...]:
    fact = event.fact
    data = fact.data()
    if len(data) > MAX_EVENT_BYTES:
        raise EventTooLarge(f"{fact.TYPE} has {len(data)} bytes, an event has at most {MAX_EVENT_BYTES}")
    return (
        stream,
        version,
        event.event_id,
        fact.TYPE,
        fact.TOPIC,
        fact.key(),
        fact.subject(),
        event.organisation_id,
        recorded_at,
        traceparent,
        data,
    )


def _stored(row: asyncpg.Record) -> StoredEvent:
    return StoredEvent._make(row)


def _count(tag: str) -> int:
    return int(tag.rsplit(" ", 1)[1])
