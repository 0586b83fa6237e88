"""How far one topic of a store was read, and the next events behind that."""

from __future__ import annotations

from typing import NamedTuple

from zerocarbon.common.bus.cloudevent import attributes_of_stored, source
from zerocarbon.common.bus.port import MAX_BATCH_BYTES, Halted, Part, Position, TopicPartition
from zerocarbon.common.bus.record import Record, RecordRun
from zerocarbon.common.eventstore.event import BEGINNING, Cursor, StoredEvent
from zerocarbon.common.eventstore.identity import Incarnation
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.postgres.session import Connection

PARTITION = 0
"""A store is one ordered sequence: a topic of it has one partition."""

PAGE = 1_000
_LAST = 2**63 - 1


class Place(NamedTuple):
    """What a position says: how far a store was read, and in which incarnation of it."""

    cursor: Cursor
    incarnation: str


class TopicCursor:
    """Reads one topic in reading order. Its position is the last event delivered.

    It is `halted` from the beginning where a position is of another incarnation than the store: the reader
    may have read what the store has lost.
    """

    def __init__(
        self, topic: str, incarnation: Incarnation, stored: Position | None, until: Position | None = None
    ) -> None:
        self.partition = TopicPartition(topic, PARTITION)
        self._incarnation = incarnation
        self._source = source(incarnation.service, incarnation.name)
        self._stored = stored
        self._seen = decode_position(stored).cursor if stored is not None else BEGINNING
        self._limit = decode_position(until).cursor if until is not None else None
        self._store = EventStore()
        self.halted = self._estranged(stored) or self._estranged(until)

    @property
    def reached(self) -> bool:
        """Whether the bound was reached, if there is one."""
        return self._limit is not None and self._seen >= self._limit

    async def take(self, connection: Connection, limit: int) -> Part | None:
        """The next events, at most `limit`; `None` if there are none."""
        held: list[Record] = []
        last, size = self._seen, 0
        while len(held) < limit and size < MAX_BATCH_BYTES and not self.reached:
            wanted = min(PAGE, limit - len(held))
            # Read before the events: whatever is below it is seen by the query that follows.
            settled = await connection.fetchrow(
                "SELECT epoch, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS xmin FROM store"
            )
            assert settled is not None, "the store has no identity row"
            events = await self._store.read_after(connection, self._seen, wanted, [self.partition.topic])
            for event in events:
                cursor = event.cursor
                if self._limit is not None and cursor > self._limit:
                    self._seen = self._limit
                    break
                held.append(record_of(event, self._source))
                size += len(event.data)
                self._seen = last = cursor
            if len(events) < wanted:
                # Other topics' events need not be gone through again: the next read begins behind them.
                self._seen = max(self._seen, Cursor(settled["epoch"], settled["xmin"] - 1, _LAST))
                break
        return self._part(held, last)

    async def waiting(self, connection: Connection, at_most: int) -> int:
        """How many events wait, counted up to a bound."""
        count: int = await connection.fetchval(
            "SELECT count(*) FROM (SELECT FROM event WHERE topic = $1"
            " AND (epoch, tx, position) > ($2, $3::text::xid8, $4) LIMIT $5) AS waiting",
            self.partition.topic,
            self._seen.epoch,
            str(self._seen.transaction),
            self._seen.position,
            at_most,
        )
        return count

    def _part(self, held: list[Record], last: Cursor) -> Part | None:
        if not held:
            return None
        base, after = self._stored, encode_position(last, self._incarnation.name)
        self._stored = after
        return Part(self.partition, base, after, RecordRun(held))

    def _estranged(self, position: Position | None) -> Halted | None:
        if position is None:
            return None
        read_in, now = decode_position(position).incarnation, _short(self._incarnation.name)
        if read_in == now:
            return None
        return Halted(
            self.partition,
            f"position {position} was read in incarnation {read_in} of the store of"
            f" {self._incarnation.service}, which is {now} now: its database was restored or exchanged, and"
            " may lack what was read. How to go on is in docs/adr/0009-restores.md",
        )


def record_of(event: StoredEvent, source: str) -> Record:
    """A stored event as a record; its offset is its position in the store."""
    attributes = attributes_of_stored(event, source)
    return Record(event.topic, PARTITION, event.position, event.key, attributes, event.data)


def encode_position(cursor: Cursor, incarnation: str) -> Position:
    """`<epoch>/<transaction>/<position>@<the first digits of the incarnation>`."""
    return Position(f"{cursor.epoch}/{cursor.transaction}/{cursor.position}@{_short(incarnation)}")


def decode_position(position: Position) -> Place:
    """The inverse of `encode_position`, but for the incarnation's other digits."""
    place, _, incarnation = position.partition("@")
    epoch, transaction, number = map(int, place.split("/"))
    return Place(Cursor(epoch, transaction, number), incarnation)


def _short(incarnation: str) -> str:
    return incarnation.partition("-")[0]
