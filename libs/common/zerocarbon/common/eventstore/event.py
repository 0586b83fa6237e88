"""Events on their way into the store and out of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from zerocarbon.contracts.base import Event


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event that a command decided on, not yet stored.

    `event_id` is given where the sender may retry (UUIDv5 of the natural key), else the store's clock and
    randomness make one (UUIDv7).
    """

    fact: Event
    organisation_id: str | None
    event_id: str


class StoredEvent(NamedTuple):
    """An event as it was stored: canonical bytes, never rewritten.

    A tuple in the order of the store's query: a relay makes a hundred thousand of them a second.
    """

    position: int
    epoch: int
    transaction: int
    stream: str
    version: int
    event_id: str
    type: str
    topic: str
    key: str
    subject: str
    organisation_id: str | None
    recorded_at: datetime
    traceparent: str | None
    data: bytes

    @property
    def cursor(self) -> Cursor:
        """Where a reader stands that has read it."""
        return Cursor(self.epoch, self.transaction, self.position)


class Cursor(NamedTuple):
    """How far a reader of one store has come: the last event read, in reading order.

    Transaction ids grow within an epoch only: a database that was restored may give lower ones.
    """

    epoch: int
    transaction: int
    position: int


FIRST_EPOCH = 1
BEGINNING = Cursor(FIRST_EPOCH, 0, 0)


@dataclass(frozen=True, slots=True)
class StreamAppend:
    """Events for one stream, accepted only when the stream stands at `expected_version`."""

    stream: str
    expected_version: int
    events: tuple[NewEvent, ...]
