"""The events of a workload as the commands of a service hand them to its store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from zerocarbon.common.eventstore.event import NewEvent, StoredEvent, StreamAppend
from zerocarbon.contracts.activity import ReadingsRecorded

COLUMNS = (
    "stream_id", "version", "event_id", "type", "topic", "key", "subject", "organisation_id", "recorded_at",
    "traceparent", "data",
)  # fmt: skip


def appends(page: Iterable[StoredEvent], versions: dict[str, int]) -> list[StreamAppend]:
    """Events by stream, from the given versions on, which are moved."""
    by_stream: dict[str, list[NewEvent]] = {}
    for event in page:
        fact = ReadingsRecorded.model_validate_json(event.data)
        by_stream.setdefault(event.stream, []).append(NewEvent(fact, event.organisation_id, event.event_id))
    made = []
    for stream, events in by_stream.items():
        version = versions.get(stream, 0)
        versions[stream] = version + len(events)
        made.append(StreamAppend(stream, version, tuple(events)))
    return made


def rows(made: Iterable[StreamAppend]) -> Iterator[tuple[Any, ...]]:
    """The same as the rows that they become."""
    for append in made:
        for version, event in enumerate(append.events, start=append.expected_version + 1):
            fact = event.fact
            assert isinstance(fact, ReadingsRecorded)
            yield (
                append.stream, version, event.event_id, fact.TYPE, fact.TOPIC, fact.key(), fact.subject(),
                event.organisation_id, fact.recorded_at, None, fact.data(),
            )  # fmt: skip
