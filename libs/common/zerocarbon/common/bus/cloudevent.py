"""CloudEvents 1.0 attributes, and their Kafka binary binding: attributes as headers, data as value.

The three headers that every reader looks at stand first, so that it finds them without searching.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zerocarbon.common.eventstore.event import StoredEvent
from zerocarbon.contracts.base import instant_text

PREFIX = "ce_"
SEQUENCE = "ce_sequence"
SOURCE = "ce_source"
TYPE = "ce_type"
BARE = ("content-type", "traceparent")
"""Headers that the binding leaves without prefix."""

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/json"

Header = tuple[str, bytes]


def source(service: str, incarnation: str) -> str:
    """`/zerocarbon/<service>/<incarnation>`: a restored store is another source."""
    return f"/zerocarbon/{service}/{incarnation}"


def data_schema(event_type: str) -> str:
    """The name of the JSON Schema of an event type."""
    return f"urn:zerocarbon:schema:{event_type}"


def attributes_of_stored(event: StoredEvent, source_name: str) -> dict[str, str]:
    """The attributes of an event as its store has it; the relay adds `sequence`."""
    attributes = {
        "source": source_name,
        "type": event.type,
        "id": event.event_id,
        "specversion": SPEC_VERSION,
        "time": instant_text(event.recorded_at),
        "subject": event.subject,
        "dataschema": data_schema(event.type),
        "content-type": CONTENT_TYPE,
    }
    if event.organisation_id is not None:
        attributes["organisation"] = event.organisation_id
    if event.traceparent is not None:
        attributes["traceparent"] = event.traceparent
    return attributes


def attributes_of(headers: Sequence[tuple[str, bytes | None]] | None) -> dict[str, str]:
    """Attributes by name without prefix. What is not UTF-8 is left out, as if it were missing."""
    found: dict[str, str] = {}
    for name, raw in headers or ():
        short = name.removeprefix(PREFIX) if name.startswith(PREFIX) else name
        if raw is None or (short == name and name not in BARE):
            continue
        try:
            found[short] = raw.decode()
        except UnicodeDecodeError:
            continue
    return found


def headers_of(attributes: Mapping[str, str]) -> list[Header]:
    """The headers of an event; the inverse of `attributes_of`, the three of the hot path first."""
    named = {name if name in BARE else PREFIX + name: text.encode() for name, text in attributes.items()}
    first = [(name, named.pop(name)) for name in (SEQUENCE, SOURCE, TYPE) if name in named]
    return [*first, *named.items()]
