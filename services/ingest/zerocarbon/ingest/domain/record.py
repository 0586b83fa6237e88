"""Activity without a meter: fuel delivered, agent refilled, material bought, freight moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from zerocarbon.common.refusal import Violation
from zerocarbon.contracts.activity import ActivityRecorded
from zerocarbon.contracts.base import Origin
from zerocarbon.contracts.reference import SourceRegistered
from zerocarbon.proof import units


@dataclass(frozen=True, slots=True)
class Record:
    """A quantity of a source over whole local days `[start, end)`. `code` is unique within the source."""

    source: str
    code: str
    start: date
    end: date
    quantity: Decimal
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
    """Records as events, and everything that is wrong with them.

    `known` holds the (source code, record code) pairs that are stored. Quantities are converted exactly into
    the source's unit; a conversion that would lose a digit is refused.
    """
    events: list[ActivityRecorded] = []
    found: list[Violation] = []
    seen: set[tuple[str, str]] = set()
    for record in records:
        problems = list(_problems(record, sources, known | seen, zone, recorded_at))
        found += problems
        if problems:
            continue
        seen.add((record.source, record.code))
        source = sources[record.source]
        events.append(
            ActivityRecorded(
                factory_id=source.factory_id,
                source_id=source.source_id,
                recorded_at=recorded_at,
                record=record.code,
                start=_midnight(record.start, zone),
                end=_midnight(record.end, zone),
                quantity=units.convert(record.quantity, record.unit, source.unit),
                unit=source.unit,
                origin=record.origin,
                evidence_sha256=record.evidence_sha256,
                note=record.note,
            )
        )
    return events, found


def _problems(
    record: Record,
    sources: Mapping[str, SourceRegistered],
    known: set[tuple[str, str]] | frozenset[tuple[str, str]],
    zone: ZoneInfo,
    now: datetime,
) -> list[Violation]:
    at = record.pointer
    source = sources.get(record.source)
    if source is None:
        return [Violation("unknown-source", f"no source {record.source!r} in this factory", f"{at}/source")]
    found = []
    if (record.source, record.code) in known:
        message = f"record {record.code!r} of {record.source!r} exists; correct it instead"
        found.append(Violation("duplicate-record", message, f"{at}/record"))
    if record.quantity < 0:
        found.append(Violation("negative-quantity", f"{record.quantity} is negative", f"{at}/quantity"))
    if record.end <= record.start:
        found.append(Violation("period", "the end lies after the start", f"{at}/end"))
    elif _midnight(record.end, zone) > now:
        found.append(Violation("future-record", f"the record had not ended by {now}", f"{at}/end"))
    try:
        units.convert(record.quantity, record.unit, source.unit)
    except units.InexactConversion as inexact:
        found.append(Violation("inexact-conversion", str(inexact), f"{at}/unit"))
    except (units.UnknownUnit, units.WrongDimension) as wrong:
        found.append(Violation("unit-dimension", str(wrong), f"{at}/unit"))
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone)
