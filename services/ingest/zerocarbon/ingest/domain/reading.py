"""Interval readings: what makes one acceptable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from zerocarbon.common.refusal import Violation
from zerocarbon.contracts.base import instant_text
from zerocarbon.ingest.domain import notation
from zerocarbon.ingest.domain.notation import Illegible

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """A value for the interval that begins at `start`. `row` or `pointer` says where it stood."""

    start: datetime
    value: Decimal
    row: int | None = None
    pointer: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A reading of which a part cannot be read; the part that can, if any, is judged all the same."""

    start: datetime | None
    value: Decimal | None
    violations: tuple[Violation, ...]
    row: int | None = None
    pointer: str | None = None


Given = Reading | Unreadable


def read(start: object, value: object, pointer: str) -> Given:
    """A reading as a program sends it: an instant and a quantity, both in text (see `notation`)."""
    found: list[Violation] = []
    begins: datetime | None = None
    counted: Decimal | None = None
    try:
        begins = notation.instant(start)
    except Illegible as wrong:
        found.append(Violation(wrong.rule, str(wrong), f"{pointer}/start"))
    try:
        counted = notation.quantity(value)
    except Illegible as wrong:
        found.append(Violation(wrong.rule, str(wrong), f"{pointer}/value"))
    if begins is None or counted is None:
        return Unreadable(begins, counted, tuple(found), pointer=pointer)
    return Reading(begins, counted, pointer=pointer)


class Judge:
    """Decides about the readings of one meter, one series after the other.

    `known` holds the stored values of the intervals in question. The same value again is named as a
    duplicate and a different one as a conflict: a stored reading is never overwritten, only corrected.
    Without `interval` (the meter is not known) only what needs no meter is judged.
    """

    def __init__(self, interval: timedelta | None, known: Mapping[datetime, Decimal], now: datetime) -> None:
        self._interval = interval
        self._known = known
        self._now = now
        self._seen: dict[datetime, Reading] = {}

    def admit(self, given: Sequence[Given]) -> tuple[list[Reading], list[Violation]]:
        """The readings that may enter, and every rule that the others break, in their order."""
        good: list[Reading] = []
        found: list[Violation] = []
        for one in given:
            problems = self._alone(one)
            if isinstance(one, Reading):
                problems = problems or self._beside_others(one)
                if not problems:
                    self._seen[one.start] = one
                    good.append(one)
            else:
                found += one.violations
            found += [Violation(rule, message, one.pointer, one.row) for rule, message in problems]
        return good, found

    def _alone(self, one: Given) -> list[tuple[str, str]]:
        problems: list[tuple[str, str]] = []
        start, step = one.start, self._interval
        if one.value is not None and one.value < 0:
            problems.append(
                ("negative-quantity", f"{one.value} is negative; this meter counts in one direction")
            )
        if start is None:
            return problems
        if step is not None and (start - EPOCH) % step:
            problems.append(
                ("interval-overlap", f"{instant_text(start)} does not begin an interval of {step}")
            )
        # Not start + step: that could lie beyond the last year that there is.
        if start > self._now - (step or timedelta()):
            ended = f"the interval from {instant_text(start)} had not ended by {instant_text(self._now)}"
            problems.append(("future-reading", ended))
        return problems

    def _beside_others(self, one: Reading) -> list[tuple[str, str]]:
        earlier = self._seen.get(one.start)
        if earlier is not None:
            where = f"row {earlier.row}" if earlier.row is not None else f"{earlier.pointer}"
            message = f"the interval from {instant_text(one.start)} stands in {where} already"
            return [("duplicate-interval", message)]
        stored = self._known.get(one.start)
        if stored is None:
            return []
        interval = f"the interval from {instant_text(one.start)}"
        if stored == one.value:
            return [("duplicate-interval", f"{interval} is stored already with the same value")]
        return [("interval-conflict", f"{interval} is stored as {stored}; correct it instead")]
