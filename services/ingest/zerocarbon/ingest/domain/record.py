"""Activity without a meter: fuel delivered, agent refilled, material bought, freight moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from zerocarbon.common.refusal import Violation
from zerocarbon.contracts.activity import ActivityRecorded
from zerocarbon.contracts.base import Origin, instant_text
from zerocarbon.contracts.reference import SourceRegistered
from zerocarbon.ingest.domain import notation
from zerocarbon.ingest.domain.notation import Illegible
from zerocarbon.proof import units

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Record:
    """A quantity of a source over whole local days `[start, end)`. `code` is unique within the source.

    Days and quantity as the caller wrote them (see `notation`).
    """

    source: str
    code: str
    start: object
    end: object
    quantity: object
    unit: str
    origin: Origin
    evidence_sha256: str | None
    note: str | None
    pointer: str


def admit(
    records: Sequence[Record],
    sources: Mapping[str, SourceRegistered],
    known: frozenset[tuple[str, str]],
    zone: ZoneInfo,
    recorded_at: datetime,
) -> tuple[list[ActivityRecorded], list[Violation]]:
    """Records as events, and everything that is wrong with the others, in their order.

    `known` holds the (source code, record code) pairs that are stored. Quantities are converted exactly into
    the source's unit; a conversion that would lose a digit is refused.
    """
    events: list[ActivityRecorded] = []
    found: list[Violation] = []
    seen = set(known)
    for record in records:
        fact, problems = _decide(record, sources.get(record.source), seen, zone, recorded_at)
        found += problems
        if fact is not None:
            seen.add((record.source, record.code))
            events.append(fact)
    return events, found


def _decide(
    record: Record,
    source: SourceRegistered | None,
    seen: set[tuple[str, str]],
    zone: ZoneInfo,
    now: datetime,
) -> tuple[ActivityRecorded | None, list[Violation]]:
    found: list[Violation] = []
    at = record.pointer
    if source is None:
        found.append(
            Violation("unknown-source", f"no source {record.source!r} in this factory", f"{at}/source")
        )
    if (record.source, record.code) in seen:
        message = f"record {record.code!r} of {record.source!r} exists; correct it instead"
        found.append(Violation("duplicate-record", message, f"{at}/record"))
    period = _period(record, zone, now, found)
    quantity = _read(notation.quantity, record.quantity, f"{at}/quantity", found)
    if quantity is not None and quantity < 0:
        found.append(Violation("negative-quantity", f"{quantity} is negative", f"{at}/quantity"))
    converted = _converted(record, quantity, source, found)
    if found or source is None or period is None or converted is None:
        return None, found
    return ActivityRecorded(
        factory_id=source.factory_id,
        source_id=source.source_id,
        recorded_at=now,
        record=record.code,
        start=period[0],
        end=period[1],
        quantity=converted,
        unit=source.unit,
        origin=record.origin,
        evidence_sha256=record.evidence_sha256,
        note=record.note,
    ), []


def _period(
    record: Record, zone: ZoneInfo, now: datetime, found: list[Violation]
) -> tuple[datetime, datetime] | None:
    start = _read(notation.day, record.start, f"{record.pointer}/start", found)
    end = _read(notation.day, record.end, f"{record.pointer}/end", found)
    if start is not None and end is not None and end <= start:
        message = f"the end, {end}, has to lie after the start, {start}"
        found.append(Violation("period", message, f"{record.pointer}/end"))
    # Days are compared as days: the first and the last that there are have no midnight in UTC.
    elif end is not None and end > now.astimezone(zone).date():
        message = f"the record had not ended by {instant_text(now)}"
        found.append(Violation("future-record", message, f"{record.pointer}/end"))
    elif start is not None and start == date.min:
        message = f"{start} is before the days that there are"
        found.append(Violation("date", message, f"{record.pointer}/start"))
    elif start is not None and end is not None:
        return _midnight(start, zone), _midnight(end, zone)
    return None


def _converted(
    record: Record, quantity: Decimal | None, source: SourceRegistered | None, found: list[Violation]
) -> Decimal | None:
    try:
        if source is None:
            units.size(record.unit)
        else:
            return units.convert(quantity if quantity is not None else Decimal(0), record.unit, source.unit)
    except units.InexactConversion as inexact:
        found.append(Violation("inexact-conversion", str(inexact), f"{record.pointer}/unit"))
    except (units.UnknownUnit, units.WrongDimension) as wrong:
        found.append(Violation("unit-dimension", str(wrong), f"{record.pointer}/unit"))
    return None


def _read(as_noted: Callable[[object], T], said: object, at: str, found: list[Violation]) -> T | None:
    try:
        return as_noted(said)
    except Illegible as wrong:
        found.append(Violation(wrong.rule, str(wrong), at))
        return None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
