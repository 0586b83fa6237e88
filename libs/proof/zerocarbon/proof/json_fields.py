"""Reading the fields of a JSON object strictly: what is missing or of another type is named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.numbers import NotExact, parse

JsonObject = Mapping[str, Json]
Choice = TypeVar("Choice")


class BadField(ValueError):
    """A field is missing or has another type than its form says."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field}: {expected} expected")
        self.field = field
        self.expected = expected


def text(data: JsonObject, field: str) -> str:
    """A text field."""
    value = data.get(field)
    if not isinstance(value, str):
        raise BadField(field, "text")
    return value


def optional_text(data: JsonObject, field: str) -> str | None:
    """A text field that may be absent or null."""
    return None if data.get(field) is None else text(data, field)


def whole(data: JsonObject, field: str) -> int:
    """A whole number."""
    value = data.get(field)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadField(field, "a whole number")
    return value


def optional_whole(data: JsonObject, field: str) -> int | None:
    """A whole number that may be absent or null."""
    return None if data.get(field) is None else whole(data, field)


def truth(data: JsonObject, field: str) -> bool:
    """Yes or no."""
    value = data.get(field)
    if not isinstance(value, bool):
        raise BadField(field, "true or false")
    return value


def optional_table(data: JsonObject, field: str) -> JsonObject | None:
    """An object that may be absent or null."""
    return None if data.get(field) is None else table(data, field)


def exact(data: JsonObject, field: str) -> Decimal:
    """An exact quantity, written as text."""
    try:
        return parse(text(data, field))
    except NotExact as error:
        raise BadField(field, "a plain decimal number, written as text,") from error


def optional_exact(data: JsonObject, field: str) -> Decimal | None:
    """An exact quantity that may be absent or null."""
    return None if data.get(field) is None else exact(data, field)


def day(data: JsonObject, field: str) -> date:
    """A calendar date such as `2024-01-31`."""
    try:
        return date.fromisoformat(text(data, field))
    except ValueError as error:
        raise BadField(field, "a date such as 2024-01-31") from error


def optional_day(data: JsonObject, field: str) -> date | None:
    """A calendar date that may be absent or null."""
    return None if data.get(field) is None else day(data, field)


def table(data: JsonObject, field: str) -> JsonObject:
    """An object."""
    value = data.get(field)
    if not isinstance(value, Mapping):
        raise BadField(field, "an object")
    return value


def texts(data: JsonObject, field: str) -> tuple[str, ...]:
    """A list of texts."""
    value = data.get(field)
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise BadField(field, "a list of texts")
    found = tuple(item for item in value if isinstance(item, str))
    if len(found) != len(value):
        raise BadField(field, "a list of texts")
    return found


def tables(data: JsonObject, field: str) -> tuple[JsonObject, ...]:
    """A list of objects."""
    value = data.get(field)
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise BadField(field, "a list of objects")
    found = tuple(item for item in value if isinstance(item, Mapping))
    if len(found) != len(value):
        raise BadField(field, "a list of objects")
    return found


def text_table(data: JsonObject, field: str) -> dict[str, str]:
    """An object whose values are texts."""
    value = table(data, field)
    return {name: text(value, name) for name in value}


def without_absent(data: Mapping[str, Json]) -> dict[str, Json]:
    """The object as it is published: a field without value is left out."""
    return {name: value for name, value in data.items() if value is not None}


def one_of(data: JsonObject, field: str, allowed: Mapping[str, Choice]) -> Choice:
    """A text field that takes one of a few values."""
    value = allowed.get(text(data, field))
    if value is None:
        raise BadField(field, " or ".join(allowed))
    return value
