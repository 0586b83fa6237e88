"""How far one topic of a store was read, and the next events behind that."""

from __future__ import annotations

from zerocarbon.common.bus.cloudevent import attributes_of_stored
from zerocarbon.common.bus.port import MAX_BATCH_BYTES, Part, Position, TopicPartition
from zerocarbon.common.bus.record import Record, RecordRun
from zerocarbon.common.eventstore.event import BEGINNING, Cursor, StoredEvent
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.postgres.session import Connection

PARTITION = 0
"""A store is one ordered sequence: a topic of it has one partition."""

PAGE = 1_000
_LAST = 2**63 - 1


class TopicCursor:
    """Reads one topic in reading order. Its position is the last event delivered."""

    def __init__(
        self, topic: str, source: str, stored: Position | None, until: Position | None = None
    ) -> None:
        self.partition = TopicPartition(topic, PARTITION)
        self._source = source
        self._stored = stored
        self._seen = decode_position(stored) if stored is not None else BEGINNING
        self._limit = decode_position(until) if until is not None else None
        self._store = EventStore()

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
            xmin: int = await connection.fetchval(
                "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
            )
            events = await self._store.read_after(connection, self._seen, wanted, [self.partition.topic])
            for event in events:
                cursor = Cursor(event.transaction, event.position)
                if self._limit is not None and cursor > self._limit:
                    self._seen = self._limit
                    break
                held.append(record_of(event, self._source))
                size += len(event.data)
                self._seen = last = cursor
            if len(events) < wanted:
                # Other topics' events need not be gone through again: the next read begins behind them.
                self._seen = max(self._seen, Cursor(xmin - 1, _LAST))
                break
        return self._part(held, last)

    async def waiting(self, connection: Connection, at_most: int) -> int:
        """How many events wait, counted up to a bound."""
        count: int = await connection.fetchval(
            "SELECT count(*) FROM (SELECT FROM event WHERE topic = $1"
            " AND (tx, position) > ($2::text::xid8, $3) LIMIT $4) AS waiting",
            self.partition.topic,
            str(self._seen.transaction),
            self._seen.position,
            at_most,
        )
        return count

    def _part(self, held: list[Record], last: Cursor) -> Part | None:
        if not held:
            return None
        base, after = self._stored, encode_position(last)
        self._stored = after
        return Part(self.partition, base, after, RecordRun(held))


def record_of(event: StoredEvent, source: str) -> Record:
    """A stored event as a record; its offset is its position in the store."""
    attributes = attributes_of_stored(event, source)
    return Record(event.topic, PARTITION, event.position, event.key, attributes, event.data)


def encode_position(cursor: Cursor) -> Position:
    """`<transaction>/<position>`."""
    return Position(f"{cursor.transaction}/{cursor.position}")


def decode_position(position: Position) -> Cursor:
    """The inverse of `encode_position`."""
    transaction, _, number = position.partition("/")
    return Cursor(int(transaction), int(number))
