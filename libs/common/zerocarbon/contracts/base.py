"""What every published event has in common."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

import msgspec
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

from zerocarbon.proof.numbers import canonical, parse


def _exact(value: object) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        return parse(value)
    raise ValueError('a quantity is written as a string, such as "12.5"')


def _utc(value: datetime) -> datetime:
    if value.tzinfo is None or value.utcoffset() is None:
        raise ValueError("an instant needs its offset from UTC")
    return value.astimezone(UTC)


_OFFSET = -len("+00:00")


def instant_text(value: datetime) -> str:
    """`2024-01-31T16:00:00Z`; microseconds only when there are any."""
    in_utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return f"{in_utc.isoformat()[:_OFFSET]}Z"


Exact = Annotated[
    Decimal,
    BeforeValidator(_exact, json_schema_input_type=str),
    PlainSerializer(canonical, return_type=str),
    Field(json_schema_extra={"pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"}),
]
"""An exact quantity: a string in JSON, `Decimal` in code."""

Instant = Annotated[datetime, AfterValidator(_utc), PlainSerializer(instant_text, return_type=str)]
"""A moment in UTC."""

Id = Annotated[
    str, StringConstraints(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
]
"""A UUID in lower case."""

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?$")]
"""A short name that people chose: lower-case letters, digits, dots and hyphens; unique where it says so."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


_ENCODER = msgspec.json.Encoder(order="sorted")
"""Writes what `zerocarbon.proof.canonical` writes, twenty times as fast, as long as no number has a fraction:
contracts have none, and a test holds both together."""


class Part(BaseModel):
    """A value inside an event. Unknown fields are ignored, because versions grow by addition."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Period(Part):
    """A period in the factory's calendar, half-open: `[start, end)` in local dates."""

    start: date
    end: date


class Event(Part):
    """A published fact. `TYPE` names it in the past tense, `TOPIC` says where it goes.

    Subclasses give `key()`: events of one key keep their order, others need not.
    """

    TYPE: ClassVar[str]
    TOPIC: ClassVar[str]

    def key(self) -> str:
        """The partition key."""
        raise TypeError(f"{type(self).__name__} names no key")

    def subject(self) -> str:
        """What the event is about, as `<noun>/<id>`; the CloudEvents subject."""
        raise TypeError(f"{type(self).__name__} names no subject")

    def data(self) -> bytes:
        """The canonical bytes that are stored and published."""
        return _ENCODER.encode(self.model_dump(mode="json", exclude_none=True))


class Tombstone(Event):
    """Takes the newest record of its key off a compacted topic: published without data, as a null value.

    Its fields make its key and go no further; nobody reads it back.
    """

    def data(self) -> bytes:
        """Nothing, which is what the broker's compaction takes for a removal."""
        return b""


def topic(name: str) -> str:
    """`zerocarbon.<name>.v1`."""
    return f"zerocarbon.{name}.v1"


Origin = Literal["automatic", "manual", "substituted", "estimated"]
Extras = dict[str, Any]
