"""Meter files: read before the command's transaction, judged and recorded in it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Inexact
from typing import Any

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.eventstore.aggregate import load
from zerocarbon.common.eventstore.store import EventStore
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.refusal import Refused, Violation, refuse
from zerocarbon.contracts.base import instant_text
from zerocarbon.contracts.reference import MeterRegistered
from zerocarbon.ingest.domain import factory, series, series_file
from zerocarbon.ingest.domain.block import blocks
from zerocarbon.ingest.domain.reading import Judge, Reading
from zerocarbon.ingest.domain.series_file import SeriesMapping, ranges
from zerocarbon.ingest.service.recording import append
from zerocarbon.ingest.service.refused import refused
from zerocarbon.ingest.store import readings as store
from zerocarbon.proof.numbers import canonical, total


@dataclass(frozen=True, slots=True)
class SeriesFile:
    """A file that was read. Without `meter` it could not be; `found` says why, or which rows cannot."""

    mapping: SeriesMapping
    meter: MeterRegistered | None
    readings: Sequence[Reading]
    found: Sequence[Violation]


async def read_file(
    database: Database,
    events: EventStore,
    organisation_id: str,
    factory_id: str,
    mapping: SeriesMapping,
    data: bytes,
) -> SeriesFile:
    """Reads a file as its mapping declares, in a thread and in no transaction: a year takes a while.

    What it needs to know of meter and factory never changes once registered, so that it may be looked up
    ahead of the command.

    Raises:
        NotFound: no such factory in the organisation.
    """
    async with database.request(organisation_id, read_only=True) as session:
        loaded = await load(session.connection, events, factory.stream(factory_id), factory.decider)
    zone = factory.zone_of(loaded.state, factory_id)
    meter = loaded.state.meters.get(mapping.meter)
    found = series.meter_problems(meter, mapping.meter, mapping.unit, "/mapping")
    if meter is None or found:
        return SeriesFile(mapping, None, (), found)
    interval = timedelta(seconds=meter.interval_seconds)
    try:
        rows, wrong = await asyncio.to_thread(series_file.read, data, mapping, zone, interval)
    except Refused as whole:
        return SeriesFile(mapping, None, (), whole.violations)
    return SeriesFile(mapping, meter, rows, wrong)


def import_file(file: SeriesFile, *, partial: bool) -> UseCase:
    """Records the readings of a file.

    With `partial`, rows that may enter are recorded and the others are returned with their rules; else one
    bad row refuses the file and nothing is recorded.
    """

    async def use_case(work: UnitOfWork) -> Answer:
        meter = file.meter
        if meter is None:
            raise Refused(file.found)
        wanted = {meter.meter_id: [row.start for row in file.readings]}
        stored = await store.newest(work.connection, work.organisation_id, wanted)
        known = {start: one.value for start, one in stored.get(meter.meter_id, {}).items()}
        judge = Judge(timedelta(seconds=meter.interval_seconds), known, work.now)
        good, wrong = await asyncio.to_thread(judge.admit, file.readings)
        found = sorted([*file.found, *wrong], key=lambda violation: violation.row or 0)
        if found and not (partial and good):
            raise Refused(found)
        if not good:
            raise refuse("empty-file", "the file has no rows")
        body = _imported(file.mapping, good, found)
        await append(work, await asyncio.to_thread(blocks, good, meter, "automatic", work.now))
        return Answer(201, body)

    return use_case


def _imported(mapping: SeriesMapping, good: Sequence[Reading], found: Sequence[Violation]) -> dict[str, Any]:
    try:
        summed = canonical(total(row.value for row in good))
    except Inexact:
        message = "the values differ so much in size that their sum cannot be told exactly"
        raise refuse("number", message) from None
    return {
        "meter": mapping.meter,
        "accepted": len(good),
        "accepted_rows": ranges(row.row for row in good if row.row is not None),
        "sum": summed,
        "unit": mapping.unit,
        "first_interval": instant_text(min(row.start for row in good)),
        "last_interval": instant_text(max(row.start for row in good)),
        "refused": refused(found),
    }
