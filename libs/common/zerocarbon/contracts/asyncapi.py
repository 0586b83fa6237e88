"""One AsyncAPI 3.0 document over all topics, made from the events and the channels."""

from __future__ import annotations

import json
from typing import Any

from zerocarbon.contracts.base import Event
from zerocarbon.contracts.channels import (
    CHANNELS,
    EGRESS_PARTITIONS,
    PARTITIONS,
    Channel,
    key_of,
    subject_of,
)
from zerocarbon.contracts.example import example
from zerocarbon.contracts.registry import EVENTS
from zerocarbon.contracts.schemas import schema_id, shared_schemas

Document = dict[str, Any]

_SCHEMAS = "#/components/schemas/"
_KAFKA_BINDING = "0.5.0"
_DESCRIPTION = """\
Events of Zero-Carbon Factory: CloudEvents 1.0 in the Kafka binary binding, JSON data.

- Quantities are decimal strings ("12.5"), never JSON numbers. Instants are UTC and end in Z. Periods are
  half-open: the start belongs to them, the end does not.
- Events of one key keep their order. A version of a type grows by addition only: ignore unknown fields.
- `ce_sequence` counts without a gap for each source, topic and partition. A number seen before is a
  re-send and is dropped; a number that is missing means that something was lost.
- Topics `zerocarbon.<name>.v1` carry every organisation and are for services. Tools of an organisation
  read `zerocarbon.out.<organisation>.<name>.v1` with any Kafka client.
"""


def asyncapi_document() -> Document:
    """The document as plain JSON values."""
    channels: Document = {}
    operations: Document = {}
    for channel in CHANNELS:
        service = _camel(channel.name)
        channels[service] = _service_channel(channel)
        operations[f"read{service[0].upper()}{service[1:]}"] = _read(
            service, channel.events(), "A service reads"
        )
        if channel.egress:
            out = f"{service}Out"
            channels[out] = _egress_channel(channel)
            operations[f"read{out[0].upper()}{out[1:]}"] = _read(
                out, channel.egress_events(), "A tool of one organisation reads"
            )
    return {
        "asyncapi": "3.0.0",
        "id": "urn:zerocarbon:events",
        "info": {"title": "Zero-Carbon Factory events", "version": "1.0.0", "description": _DESCRIPTION},
        "defaultContentType": "application/json",
        "servers": {
            "kafka": {
                "host": "{bootstrap}",
                "protocol": "kafka",
                "description": "The Kafka cluster of the installation.",
                "variables": {"bootstrap": {"default": "localhost:9092"}},
            }
        },
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": {name: _message(event) for name, event in EVENTS.items()},
            "messageTraits": {"cloudEvent": {"contentType": "application/json", "headers": _headers()}},
            "schemas": shared_schemas(EVENTS.values(), _SCHEMAS),
        },
    }


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)


def _service_channel(channel: Channel) -> Document:
    return {
        "address": channel.address,
        "title": f"{channel.name} (services)",
        "description": f"{channel.purpose} Written by {channel.written_by}. Carries every organisation.",
        "messages": _message_references(channel.events()),
        "bindings": _topic_binding(compacted=channel.compacted),
    }


def _egress_channel(channel: Channel) -> Document:
    return {
        "address": channel.egress_address("{organisation}"),
        "title": f"{channel.name} (one organisation)",
        "description": f"{channel.purpose} Events of one organisation only; read access by a prefix ACL.",
        "parameters": {"organisation": {"description": "The organisation's id, a UUID in lower case."}},
        "messages": _message_references(channel.egress_events()),
        "bindings": _topic_binding(compacted=channel.compacted, partitions=EGRESS_PARTITIONS),
    }


def _message_references(events: dict[str, type[Event]]) -> Document:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in events}


def _topic_binding(*, compacted: bool, partitions: int = PARTITIONS) -> Document:
    configuration: Document = {"cleanup.policy": ["compact"] if compacted else ["delete"]}
    if not compacted:
        configuration["retention.ms"] = -1
    return {
        "kafka": {
            "partitions": partitions,
            "topicConfiguration": configuration,
            "bindingVersion": _KAFKA_BINDING,
        }
    }


def _read(channel: str, events: dict[str, type[Event]], summary: str) -> Document:
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": f"{summary} these events.",
        "messages": [{"$ref": f"#/channels/{channel}/messages/{name}"} for name in events],
    }


def _message(event: type[Event]) -> Document:
    return {
        "name": event.TYPE,
        "title": event.__name__,
        "description": (
            f"{_docstring(event)}\n\nSubject `{subject_of(event)}`, schema `{schema_id(event.TYPE)}`."
        ),
        "payload": {"$ref": f"{_SCHEMAS}{event.__name__}"},
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "examples": [{"name": "made-up", "payload": json.loads(example(event).data() or b"null")}],
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": f"`{key_of(event)}`, as UTF-8 text."},
                "bindingVersion": _KAFKA_BINDING,
            }
        },
    }


def _docstring(event: type[Event]) -> str:
    return " ".join((event.__doc__ or "").split())


def _headers() -> Document:
    def text(description: str, **more: object) -> Document:
        return {"type": "string", "description": description, **more}

    required = {
        "ce_specversion": text("Version of CloudEvents.", const="1.0"),
        "ce_id": text("The event's id: a UUID. The same id is the same event.", format="uuid"),
        "ce_source": text("The service and the incarnation of its store.", format="uri-reference"),
        "ce_type": text("The event's type and version.", enum=sorted(EVENTS)),
        "ce_time": text("When the event was recorded, in UTC.", format="date-time"),
        "ce_subject": text("What the event is about, as `<noun>/<id>`."),
        "ce_sequence": text(
            "Position within source, topic and partition, without a gap.", pattern="^[0-9]+$"
        ),
        "ce_dataschema": text("Identifier of the JSON Schema of the data.", format="uri"),
        "content-type": text("Media type of the data.", const="application/json"),
    }
    optional = {"traceparent": text("W3C trace context of the command behind the event.")}
    return {"type": "object", "properties": {**required, **optional}, "required": list(required)}
