"""Series of one or several meters in one request: everything that is wrong is found at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from zerocarbon.common.refusal import Violation
from zerocarbon.contracts.base import Origin
from zerocarbon.contracts.reference import MeterRegistered
from zerocarbon.ingest.domain.reading import Given, Judge, Reading
from zerocarbon.proof import units

Known = Mapping[str, Mapping[datetime, Decimal]]
"""Stored values by meter id and interval start."""


@dataclass(frozen=True, slots=True)
class Series:
    """Readings of one meter, as a program sends them; `pointer` is the place of the series."""

    meter: str
    unit: str
    origin: Origin
    given: Sequence[Given]
    pointer: str


@dataclass(frozen=True, slots=True)
class Admitted:
    """What may enter of a series."""

    meter: MeterRegistered
    origin: Origin
    readings: Sequence[Reading]


def unknown_meter(code: str, pointer: str) -> Violation:
    """The factory has no meter of that code."""
    return Violation("unknown-meter", f"no meter {code!r} in this factory", f"{pointer}/meter")


def meter_problems(meter: MeterRegistered | None, code: str, unit: str, pointer: str) -> list[Violation]:
    """What is wrong with a named meter and unit; `meter` is the one that the register holds."""
    found: list[Violation] = []
    if meter is None:
        found.append(unknown_meter(code, pointer))
        if unit not in units.ACCEPTED:
            accepted = ", ".join(units.ACCEPTED)
            message = f"unit {unit!r} is not one of {accepted}"
            found.append(Violation("unit-dimension", message, f"{pointer}/unit"))
    elif unit != meter.unit:
        message = f"the meter counts in {meter.unit!r}, not in {unit!r}"
        found.append(Violation("unit-dimension", message, f"{pointer}/unit"))
    return found


def admit(
    series: Sequence[Series], meters: Mapping[str, MeterRegistered], known: Known, now: datetime
) -> tuple[list[Admitted], list[Violation]]:
    """What may enter of each series, and every violation in the order of the request.

    A meter may stand in several series: an interval that two of them carry is found.
    """
    judges: dict[str, Judge] = {}
    admitted: list[Admitted] = []
    found: list[Violation] = []
    for one in series:
        meter = meters.get(one.meter)
        problems = meter_problems(meter, one.meter, one.unit, one.pointer)
        found += problems
        if meter is None or problems:
            # Its readings are judged, but do not enter: they are no one's duplicates.
            found += _judge(meter, known, now).admit(one.given)[1]
            continue
        judge = judges.setdefault(one.meter, _judge(meter, known, now))
        good, wrong = judge.admit(one.given)
        found += wrong
        if good:
            admitted.append(Admitted(meter, one.origin, good))
    return admitted, found


def _judge(meter: MeterRegistered | None, known: Known, now: datetime) -> Judge:
    if meter is None:
        return Judge(None, {}, now)
    return Judge(timedelta(seconds=meter.interval_seconds), known.get(meter.meter_id, {}), now)
