"""Typed reading of JSON that strangers wrote: what is missing or mistyped is named with its path.

Bundles come from anywhere. A malformed field must end in a sentence, never in a stack trace, and an encoding
other than the canonical one is refused, because hashes bind bytes. The checks themselves are those of
`json_fields`; this module adds where in the file the object stands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from zerocarbon.proof import json_fields
from zerocarbon.proof.canonical import canonical_bytes
from zerocarbon.proof.json_fields import BadField, JsonObject
from zerocarbon.proof.numbers import NotExact, parse

T = TypeVar("T")


class MalformedField(ValueError):
    """A field is missing or has the wrong type; `path` says which, such as `manifest.entries[3].sha256`."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def canonical_json(name: str, raw: bytes) -> Any:
    """The value of canonical JSON bytes.

    Raises:
        MalformedField: no JSON, numbers with a fraction, or another encoding than the canonical one.
    """
    try:
        value = json.loads(raw)
        same = canonical_bytes(value) == raw
    except (ValueError, TypeError, RecursionError) as error:
        raise MalformedField(name, f"is not canonical JSON ({type(error).__name__})") from None
    if not same:
        raise MalformedField(name, "is JSON, but not in the canonical encoding")
    return value


class Fields:
    """One JSON object and where it stands. `data` is the object itself, for what is passed on whole."""

    __slots__ = ("data", "path")

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, Mapping):
            raise MalformedField(path, "an object expected")
        self.data: JsonObject = value
        self.path = path

    def has(self, key: str) -> bool:
        """Whether the field is there and not null."""
        return self.data.get(key) is not None

    def text(self, key: str) -> str:
        """A text."""
        return self._read(json_fields.text, key)

    def optional_text(self, key: str) -> str | None:
        """A text that may be absent or null."""
        return self._read(json_fields.optional_text, key)

    def whole(self, key: str) -> int:
        """A whole number."""
        return self._read(json_fields.whole, key)

    def truth(self, key: str) -> bool:
        """True or false."""
        value = self.data.get(key)
        if not isinstance(value, bool):
            raise MalformedField(f"{self.path}.{key}", "true or false expected")
        return value

    def exact(self, key: str) -> Decimal:
        """An exact quantity, written as text."""
        return self._read(json_fields.exact, key)

    def optional_exact(self, key: str) -> Decimal | None:
        """An exact quantity that may be absent or null."""
        return self._read(json_fields.optional_exact, key)

    def exacts(self, key: str) -> tuple[Decimal, ...]:
        """A list of exact quantities."""
        try:
            return tuple(parse(text) for text in self.texts(key))
        except NotExact as error:
            raise MalformedField(f"{self.path}.{key}", str(error)) from None

    def day(self, key: str) -> date:
        """A calendar date."""
        return self._read(json_fields.day, key)

    def optional_day(self, key: str) -> date | None:
        """A calendar date that may be absent or null."""
        return self._read(json_fields.optional_day, key)

    def instant(self, key: str) -> datetime:
        """A moment with its offset from UTC."""
        text = self.text(key)
        with suppress(ValueError):
            value = datetime.fromisoformat(text)
            if value.tzinfo is not None:
                return value
        raise MalformedField(f"{self.path}.{key}", "an instant such as 2024-12-31T16:00:00Z expected")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        return self._read(json_fields.texts, key)

    def object(self, key: str) -> Fields:
        """An object inside this one."""
        return Fields(self.data.get(key), f"{self.path}.{key}")

    def objects(self, key: str) -> Iterator[Fields]:
        """The objects of a list."""
        return objects(self.data.get(key), f"{self.path}.{key}")

    def made(self, reader: Callable[[JsonObject], T]) -> T:
        """What a `from_json` makes of this object."""
        try:
            return reader(self.data)
        except BadField as error:
            raise MalformedField(f"{self.path}.{error.field}", f"{error.expected} expected") from None
        except ValueError as error:
            raise MalformedField(self.path, str(error)) from None

    def _read(self, reader: Callable[[JsonObject, str], T], key: str) -> T:
        try:
            return reader(self.data, key)
        except BadField as error:
            raise MalformedField(f"{self.path}.{error.field}", f"{error.expected} expected") from None


def objects(value: object, path: str) -> Iterator[Fields]:
    """The objects of a JSON list.

    Raises:
        MalformedField: no list, or an item that is no object.
    """
    if not isinstance(value, list):
        raise MalformedField(path, "a list expected")
    return (Fields(item, f"{path}[{at}]") for at, item in enumerate(value))
