"""Readings of meters: recorded, imported from files, corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.eventstore.store import VersionConflict
from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import NotFound, Refused, Violation, refuse
from zerocarbon.contracts.activity import ReadingsCorrected, ReadingsRecorded
from zerocarbon.contracts.base import Origin, instant_text
from zerocarbon.contracts.reference import MeterRegistered
from zerocarbon.ingest.domain import factory, reading, series_file
from zerocarbon.ingest.domain.factory import Factory
from zerocarbon.ingest.domain.reading import Reading
from zerocarbon.ingest.domain.series_file import SeriesMapping
from zerocarbon.ingest.store import readings as store
from zerocarbon.proof.numbers import canonical, total

Block = ReadingsRecorded | ReadingsCorrected


@dataclass(frozen=True, slots=True)
class Series:
    """Readings of one meter, as a program sends them."""

    meter: str
    unit: str
    origin: Origin
    readings: Sequence[Reading]


def record_series(factory_id: str, series: Sequence[Series]) -> UseCase:
    """Records readings of one or several meters, all or nothing."""

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await work.load(factory.stream(factory_id), factory.decider)
        blocks: list[Block] = []
        found: list[Violation] = []
        for number, one in enumerate(series):
            try:
                meter = _meter(loaded.state, factory_id, one.meter, one.unit, f"/series/{number}")
            except Refused as refused:
                found += refused.violations
                continue
            problems = await _problems(work, meter, one.readings)
            found += problems
            if not problems:
                blocks += reading.blocks(one.readings, meter, one.origin, work.now)
        if found:
            raise Refused(found)
        await _append(work, blocks)
        return Answer(201, {"readings": sum(len(b.values) for b in blocks), "events": len(blocks)})

    return use_case


def import_file(factory_id: str, mapping: SeriesMapping, data: bytes, *, partial: bool) -> UseCase:
    """Records a meter's file as its mapping declares it.

    With `partial`, rows that may enter are recorded and the others are returned with their rules; else one
    bad row refuses the file and nothing is recorded.
    """

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await work.load(factory.stream(factory_id), factory.decider)
        zone = factory.zone_of(loaded.state, factory_id)
        meter = _meter(loaded.state, factory_id, mapping.meter, mapping.unit, "/mapping")
        interval = timedelta(seconds=meter.interval_seconds)
        rows, found = series_file.read(data, mapping, zone, interval)
        found += await _problems(work, meter, rows)
        found.sort(key=lambda violation: violation.row or 0)
        if found and not partial:
            raise Refused(found)
        bad = {violation.row for violation in found}
        good = [row for row in rows if row.row not in bad]
        if not good:
            raise Refused(found) if found else refuse("empty-file", "the file has no rows")
        await _append(work, reading.blocks(good, meter, "automatic", work.now))
        return Answer(201, _imported(mapping, good, found))

    return use_case


def _imported(mapping: SeriesMapping, good: Sequence[Reading], found: Sequence[Violation]) -> dict[str, Any]:
    return {
        "meter": mapping.meter,
        "accepted": len(good),
        "sum": canonical(total(row.value for row in good)),
        "unit": mapping.unit,
        "first_interval": instant_text(min(row.start for row in good)),
        "last_interval": instant_text(max(row.start for row in good)),
        "refused": [{"row": v.row, "rule": v.rule, "message": v.message} for v in found],
    }


def correct(
    factory_id: str, meter_code: str, readings: Sequence[Reading], reason: str, origin: Origin
) -> UseCase:
    """Corrects readings by new revisions; the raw values stay readable beside them (R120, R122)."""

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await work.load(factory.stream(factory_id), factory.decider)
        meter = _meter(loaded.state, factory_id, meter_code, None, "")
        stored = await store.newest(
            work.connection, work.organisation_id, meter.meter_id, [one.start for one in readings]
        )
        events, found = reading.correct(readings, meter, stored, reason, origin, work.now)
        if found:
            raise Refused(found)
        await _append(work, events)
        return Answer(201, {"corrected": len(events)})

    return use_case


def _meter(state: Factory, factory_id: str, code: str, unit: str | None, pointer: str) -> MeterRegistered:
    if state.registered is None:
        raise NotFound("factory", factory_id)
    meter = state.meters.get(code)
    if meter is None:
        raise refuse("unknown-meter", f"no meter {code!r} in this factory", f"{pointer}/meter")
    if unit is not None and unit != meter.unit:
        message = f"the meter counts in {meter.unit!r}, not in {unit!r}"
        raise refuse("unit-dimension", message, f"{pointer}/unit")
    return meter


async def _problems(work: UnitOfWork, meter: MeterRegistered, readings: Sequence[Reading]) -> list[Violation]:
    stored = await store.newest(
        work.connection, work.organisation_id, meter.meter_id, [one.start for one in readings]
    )
    known = {start: one.value for start, one in stored.items()}
    return reading.check(readings, meter, known, work.now)


async def _append(work: UnitOfWork, blocks: Sequence[Block]) -> None:
    by_stream: dict[str, list[Block]] = {}
    for block in blocks:
        by_stream.setdefault(f"meter/{block.meter_id}", []).append(block)
    versions = await work.versions(list(by_stream))
    await work.append_many(
        [
            (stream, versions[stream], facts, [_event_id(fact) for fact in facts])
            for stream, facts in by_stream.items()
        ]
    )
    try:
        await store.record(work.connection, work.organisation_id, blocks)
    except asyncpg.UniqueViolationError as twin:
        # The same intervals came in meanwhile: tried again, they are found and named.
        raise VersionConflict(list(by_stream)) from twin


def _event_id(fact: Block) -> str:
    revision = fact.revision if isinstance(fact, ReadingsCorrected) else 1
    return natural_id("readings", fact.meter_id, instant_text(fact.start), str(revision))
