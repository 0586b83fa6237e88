"""One activity event by its published contract: its facts, or why it stands aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from pydantic import ValidationError

from zerocarbon.contracts import activity
from zerocarbon.contracts.activity import ActivityEvent
from zerocarbon.proof.fold import Series, day_number
from zerocarbon.proof.numbers import SUM_CONTEXT
from zerocarbon.proof.period import EPOCH, SECOND
from zerocarbon.proof.units import ACCEPTED

MAX_WHOLE_DIGITS, MAX_PLACES = 15, 12
"""Beyond that a sum over a year could need more than the 34 digits that are kept."""

CONTRACTS: dict[str, type[ActivityEvent]] = {
    event.TYPE: event
    for event in (
        activity.ReadingsRecorded,
        activity.ReadingsCorrected,
        activity.ActivityRecorded,
        activity.ActivityCorrected,
    )
}


class Unfoldable(Exception):
    """The event cannot be folded; the text says why, for people."""


def key_of(source_id: str, unit: str) -> str:
    """What sums are kept under. The unit belongs to it, because the unit in which the source is registered
    may be known only later; it is converted when the sums are read."""
    return f"{source_id}\t{unit}"


@dataclass(frozen=True, slots=True)
class Row:
    """One event's facts: the values of consecutive intervals of one source in one unit."""

    factory_id: str
    key: str
    start: int
    interval_seconds: int
    day: int
    values: tuple[Decimal, ...]

    def series(self, bucket_seconds: int) -> Series:
        """The form that the fold takes."""
        return Series(self.key, self.start, self.interval_seconds, bucket_seconds, self.day, self.values)


def judged(event_type: str | None, value: bytes) -> Row:
    """The facts of one event by its published contract.

    Raises:
        Unfoldable: an unknown type, a breach of the contract, or facts that no bucket can hold.
    """
    contract = CONTRACTS.get(event_type or "")
    if contract is None:
        raise Unfoldable(f"unknown type {event_type!r}")
    try:
        event = contract.model_validate_json(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(str(part) for part in first["loc"])
        raise Unfoldable(f"{error.error_count()} faults; first at /{place}: {first['msg']}") from None
    return _row(event)


def _row(event: ActivityEvent) -> Row:
    match event:
        case activity.ReadingsRecorded():
            values, interval = tuple(event.values), event.interval_seconds
        case activity.ReadingsCorrected():
            if len(event.previous) != len(event.values):
                raise Unfoldable("previous and values differ in length")
            values = tuple(map(SUM_CONTEXT.subtract, map(_held, event.values), map(_held, event.previous)))
            interval = event.interval_seconds
        case activity.ActivityRecorded():
            values, interval = (event.quantity,), _seconds(event.end) - _seconds(event.start)
        case activity.ActivityCorrected():
            values = (SUM_CONTEXT.subtract(_held(event.quantity), _held(event.previous)),)
            interval = _seconds(event.end) - _seconds(event.start)
        case _:
            raise AssertionError(f"{type(event).__name__} is no activity")
    if event.unit not in ACCEPTED:
        raise Unfoldable(f"unit {event.unit!r} is not accepted")
    if interval <= 0:
        raise Unfoldable("the end is not after the start")
    return Row(
        factory_id=event.factory_id,
        key=key_of(event.source_id, event.unit),
        start=_seconds(event.start),
        interval_seconds=interval,
        day=day_number(event.recorded_at.date()),
        values=tuple(map(_held, values)),
    )


def _seconds(instant: datetime) -> int:
    if instant.microsecond:
        raise Unfoldable("an activity begins and ends at whole seconds")
    return (instant - EPOCH) // SECOND


def _held(value: Decimal) -> Decimal:
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int), "the contract lets only finite numbers through"
    if -exponent > MAX_PLACES or len(digits) + exponent > MAX_WHOLE_DIGITS:
        raise Unfoldable(f"{value} has more than {MAX_WHOLE_DIGITS} whole digits or {MAX_PLACES} places")
    return value
