"""The most frequent event as it comes off the wire: its structure by a typed decoder, its texts by columns.

What this accepts, the published contract accepts with the same values; a test holds them together. It accepts
only the canonical form that this product writes: any other notation is for the contract to judge.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, TypeVar

import msgspec

from zerocarbon.accounting.domain.activity import key_of
from zerocarbon.contracts.activity import MAX_VALUES
from zerocarbon.proof.fold import bucket_of, day_number
from zerocarbon.proof.period import EPOCH, SECOND
from zerocarbon.proof.units import ACCEPTED

T = TypeVar("T")

MAX_INTERVAL = 366 * 86400
REMEMBERED = 100_000
"""Texts of one kind that a reader remembers before it forgets all of them: bounds its memory."""

KINDS = 16
"""Pairs of interval and bucket whose texts are remembered; few exist."""


class ReadingsRecorded(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """`contracts.activity.ReadingsRecorded`, its texts not yet looked at."""

    factory_id: str
    source_id: str
    recorded_at: str
    meter_id: str
    unit: str
    start: str
    interval_seconds: Annotated[int, msgspec.Meta(gt=0, le=MAX_INTERVAL)]
    values: Annotated[list[str], msgspec.Meta(min_length=1, max_length=MAX_VALUES)]
    origin: Literal["automatic", "manual", "substituted", "estimated"] = "automatic"


DECODER = msgspec.json.Decoder(ReadingsRecorded)

_IDENTITY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,6})?Z"
).fullmatch
# Possessive: what was matched is never given back, which takes half the time.
_PLAIN = r"-?+(?:0|[1-9][0-9]{0,11}+)(?:\.[0-9]{1,12}+)?+"
_PLAIN_LINES = re.compile(rf"{_PLAIN}(?:\n{_PLAIN})*+").fullmatch
_WHOLE_SECONDS = len("2024-01-31T16:00:00Z")


class NotCanonical(Exception):
    """The text may be right, but not in the one form that is read here."""


class Vocabulary:
    """Texts that were checked, and what they mean. They repeat: ids, instants and units of few meters."""

    def __init__(self) -> None:
        self._identities: dict[str, str] = {}
        self._keys: dict[str, dict[str, str]] = {}
        self._seconds: dict[str, int] = {}
        self._buckets: dict[tuple[int, int], dict[str, tuple[int, int]]] = {}
        self._days: dict[str, int] = {}
        self._quantities: dict[str, Decimal] = {}

    def identities(self, texts: Sequence[str]) -> list[str]:
        """UUIDs in lower case, each as the one object that is remembered.

        Raises:
            NotCanonical: one is not a UUID in lower case.
        """
        return _known(self._identities, texts, _identity)

    def keys(self, sources: Sequence[str], unit: str) -> list[str]:
        """What sums of these sources in this unit are kept under.

        Raises:
            NotCanonical: a source is no UUID in lower case, or the unit is not accepted.
        """
        if unit not in ACCEPTED:
            raise NotCanonical
        known = self._keys.setdefault(unit, {})
        return _known(known, sources, lambda source: key_of(_identity(source), unit))

    def seconds(self, texts: Sequence[str]) -> list[int]:
        """UTC epoch seconds of instants in whole seconds.

        Raises:
            NotCanonical: one is no such instant.
        """
        return _known(self._seconds, texts, _second)

    def buckets(self, starts: Sequence[str], interval: int, bucket_seconds: int) -> list[tuple[int, int]]:
        """The buckets of readings of one interval, from start to end in UTC epoch seconds.

        Raises:
            NotCanonical: a start is no instant in whole seconds.
        """
        if len(self._buckets) > KINDS:
            self._buckets.clear()
        known = self._buckets.setdefault((interval, bucket_seconds), {})

        def found(text: str) -> tuple[int, int]:
            start = _second(text)
            return bucket_of(start, start + interval, bucket_seconds)

        return _known(known, starts, found)

    def days(self, texts: Sequence[str]) -> list[int]:
        """UTC days since 1970 of instants.

        Raises:
            NotCanonical: one is no instant in UTC.
        """
        return _known(self._days, texts, _day)

    def quantities(self, texts: Sequence[str]) -> list[Decimal]:
        """See `quantities`; what a meter shows, it shows again.

        Raises:
            NotCanonical: one is no plain decimal.
        """
        known = self._quantities
        try:
            return list(map(known.__getitem__, texts))
        except KeyError:
            found = quantities(texts)
            if len(known) < REMEMBERED:
                known.update(zip(texts, found, strict=True))
            return found


def quantities(texts: Sequence[str]) -> list[Decimal]:
    """Plain decimals with at most twelve digits on each side of the point, by one match for all of them.

    Raises:
        NotCanonical: one is not.
    """
    joined = "\n".join(texts)
    # A text that holds a line feed would pass for two numbers.
    if joined.count("\n") != len(texts) - 1 or not _PLAIN_LINES(joined):
        raise NotCanonical
    return list(map(Decimal, texts))


def _known(known: dict[str, T], texts: Sequence[str], read: Callable[[str], T]) -> list[T]:
    held = known.__getitem__
    try:
        return list(map(held, texts))
    except KeyError:
        if len(known) > REMEMBERED:
            known.clear()
        for text in set(texts).difference(known):
            known[text] = read(text)
        return list(map(held, texts))


def _identity(text: str) -> str:
    if not _IDENTITY(text):
        raise NotCanonical
    return text


def _second(text: str) -> int:
    if len(text) != _WHOLE_SECONDS or not _INSTANT(text):
        raise NotCanonical
    return (_datetime(text) - EPOCH) // SECOND


def _day(text: str) -> int:
    if not _INSTANT(text):
        raise NotCanonical
    try:
        return day_number(date.fromisoformat(text[:10]))
    except ValueError:
        raise NotCanonical from None


def _datetime(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise NotCanonical from None
