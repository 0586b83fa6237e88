"""Events in order become records with numbers: the same events, the same numbers, however often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from zerocarbon.common.bus.cloudevent import (
    CONTENT_TYPE,
    SEQUENCE,
    SOURCE,
    SPEC_VERSION,
    TYPE,
    Header,
    data_schema,
)
from zerocarbon.common.bus.partitioner import partition_for
from zerocarbon.common.bus.port import TopicPartition
from zerocarbon.common.eventstore.event import StoredEvent
from zerocarbon.common.relay.route import Route
from zerocarbon.contracts.base import instant_text

FIRST_NUMBER = 1
ID = "ce_id"

_SPEC: Header = ("ce_specversion", SPEC_VERSION.encode())
_CONTENT: Header = ("content-type", CONTENT_TYPE.encode())


class Outgoing(NamedTuple):
    """A record to be sent. Without data it is a tombstone: `value` is `None`."""

    partition: TopicPartition
    key: bytes
    value: bytes | None
    timestamp_ms: int
    headers: list[Header]


class Numbering:
    """Gives each event its partition and the next number there. Depends on nothing but what it was given."""

    def __init__(
        self,
        source: str,
        route: Route,
        partitions: Mapping[str, int],
        next_numbers: Mapping[TopicPartition, int],
    ) -> None:
        self.next_numbers = dict(next_numbers)
        self.last_ids: dict[TopicPartition, str] = {}
        """Of each partition for which records were made: the event that has the number before the next."""
        self._route = route
        self._partitions = partitions
        self._source: Header = (SOURCE, source.encode())
        self._types: dict[str, tuple[Header, Header]] = {}
        self._recorded: datetime | None = None
        self._time: Header = ("ce_time", b"")
        self._timestamp = 0

    def copy(self) -> Numbering:
        """Another that stands where this one stands; says what would be sent without moving this one."""
        copy = Numbering(self._source[1].decode(), self._route, self._partitions, self.next_numbers)
        copy.last_ids.update(self.last_ids)
        return copy

    def records(self, events: Iterable[StoredEvent]) -> Iterator[Outgoing]:
        """The records of events that follow those of the call before. Their topics are all known."""
        numbers = self.next_numbers
        for event in events:
            topic = self._route.topic(event)
            if topic is None:
                continue
            at = TopicPartition(topic, partition_for(event.key, self._partitions[topic]))
            number = numbers.get(at, FIRST_NUMBER)
            numbers[at] = number + 1
            self.last_ids[at] = event.event_id
            yield self._record(event, at, number)

    def _record(self, event: StoredEvent, at: TopicPartition, number: int) -> Outgoing:
        named = self._types.get(event.type)
        if named is None:
            named = (TYPE, event.type.encode()), ("ce_dataschema", data_schema(event.type).encode())
            self._types[event.type] = named
        if event.recorded_at != self._recorded:
            # Events of one append share it, and writing an instant down costs as much as all the rest.
            self._recorded = event.recorded_at
            self._time = ("ce_time", instant_text(event.recorded_at).encode())
            self._timestamp = int(event.recorded_at.timestamp() * 1000)
        headers: list[Header] = [
            (SEQUENCE, b"%d" % number),
            self._source,
            named[0],
            (ID, event.event_id.encode()),
            _SPEC,
            self._time,
            ("ce_subject", event.subject.encode()),
            named[1],
            _CONTENT,
        ]
        if event.organisation_id is not None:
            headers.append(("ce_organisation", event.organisation_id.encode()))
        if event.traceparent is not None:
            headers.append(("traceparent", event.traceparent.encode()))
        return Outgoing(at, event.key.encode(), event.data or None, self._timestamp, headers)
