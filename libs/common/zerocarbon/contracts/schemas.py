"""JSON Schema (2020-12) of each published event, as a reader of the topic needs it.

Optional fields that have no value are absent from the published bytes, never null. Unknown fields are to be
ignored: a version grows by addition.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic.json_schema import models_json_schema

from zerocarbon.contracts.base import Event, Tombstone

_NOTHING = {"type": "null", "description": "No data: the record removes the newest one of its key."}

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


def schema_id(event_type: str) -> str:
    """The identifier of a type's schema, also the CloudEvents attribute `dataschema`."""
    return f"urn:zerocarbon:schema:{event_type}"


def event_schema(event: type[Event]) -> Schema:
    """The schema of one type, whole in itself: of what is published, so of nothing for a tombstone."""
    found = _NOTHING if issubclass(event, Tombstone) else fields_schema(event)
    return {"$schema": DIALECT, "$id": schema_id(event.TYPE), "title": event.TYPE, **found}


def fields_schema(event: type[Event]) -> Schema:
    """The schema of a type's fields, published or not."""
    return _without_titles(event.model_json_schema())


def shared_schemas(events: Iterable[type[Event]], location: str) -> Schema:
    """The schemas of several types, by class name, referring to each other below `location`.

    Args:
        events: the types.
        location: where the result will stand, such as `#/components/schemas/`.
    """
    types = list(events)
    with_data = [event for event in types if not issubclass(event, Tombstone)]
    _, found = models_json_schema(
        [(event, "validation") for event in with_data], ref_template=location + "{model}"
    )
    definitions: Schema = _without_titles(found)["$defs"]
    nothing = {event.__name__: _NOTHING for event in types if issubclass(event, Tombstone)}
    return dict(sorted({**definitions, **nothing}.items()))


def _without_titles(schema: Schema) -> Schema:
    """Drops the titles that are made of field names: they say nothing that the name does not."""
    kept = {key: value for key, value in schema.items() if not (key == "title" and isinstance(value, str))}
    return {key: _walk(key, value) for key, value in kept.items()}


def _walk(key: str, value: object) -> object:
    if key in {"properties", "$defs"} and isinstance(value, dict):
        return {name: _without_titles(member) for name, member in value.items()}
    if key in {"const", "default", "enum"}:
        return value
    if isinstance(value, dict):
        return _without_titles(value)
    if isinstance(value, list):
        return [_without_titles(member) if isinstance(member, dict) else member for member in value]
    return value
