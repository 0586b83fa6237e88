"""Events in order become records with numbers: the same events, the same numbers, however often."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
from zerocarbon.common.eventstore.event import Cursor, StoredEvent
from zerocarbon.common.relay.route import Route
from zerocarbon.contracts.base import instant_text

FIRST_NUMBER = 1

_SPEC: Header = ("ce_specversion", SPEC_VERSION.encode())
_CONTENT: Header = ("content-type", CONTENT_TYPE.encode())


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be sent. Without data it is a tombstone: `value` is `None`."""

    key: bytes
    value: bytes | None
    timestamp_ms: int
    headers: list[Header]


@dataclass(frozen=True, slots=True)
class Page:
    """Consecutive events of the store as records by partition, and the state once they are acknowledged."""

    records: Mapping[TopicPartition, Sequence[Outgoing]]
    cursor: Cursor
    numbers: Mapping[TopicPartition, int]

    def __len__(self) -> int:
        return sum(map(len, self.records.values()))


@dataclass(slots=True)
class Numbering:
    """Gives each event its partition and the next number there. Depends on nothing but what it was given."""

    source: str
    route: Route
    partitions: Mapping[str, int]
    next_number: dict[TopicPartition, int]
    _types: dict[str, tuple[Header, Header]] = field(default_factory=dict)

    def page(self, events: Sequence[StoredEvent]) -> Page:
        """The next page; `events` follow those of the page before. Their topics are all in `partitions`."""
        records: dict[TopicPartition, list[Outgoing]] = {}
        source: Header = (SOURCE, self.source.encode())
        for event in events:
            topic = self.route.topic(event)
            if topic is None:
                continue
            at = TopicPartition(topic, partition_for(event.key, self.partitions[topic]))
            number = self.next_number.get(at, FIRST_NUMBER)
            self.next_number[at] = number + 1
            record = self._record(event, source, number)
            if at in records:
                records[at].append(record)
            else:
                records[at] = [record]
        last = events[-1]
        moved = {at: self.next_number[at] for at in records}
        return Page(records, Cursor(last.transaction, last.position), moved)

    def _record(self, event: StoredEvent, source: Header, number: int) -> Outgoing:
        named = self._types.get(event.type)
        if named is None:
            named = (TYPE, event.type.encode()), ("ce_dataschema", data_schema(event.type).encode())
            self._types[event.type] = named
        recorded_at = event.recorded_at
        headers: list[Header] = [
            (SEQUENCE, b"%d" % number),
            source,
            named[0],
            ("ce_id", event.event_id.encode()),
            _SPEC,
            ("ce_time", instant_text(recorded_at).encode()),
            ("ce_subject", event.subject.encode()),
            named[1],
            _CONTENT,
        ]
        if event.organisation_id is not None:
            headers.append(("ce_organisation", event.organisation_id.encode()))
        if event.traceparent is not None:
            headers.append(("traceparent", event.traceparent.encode()))
        return Outgoing(event.key.encode(), event.data or None, int(recorded_at.timestamp() * 1000), headers)
