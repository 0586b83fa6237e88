"""Readings of meters: recorded, corrected."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.refusal import Refused, Violation
from zerocarbon.contracts.activity import ReadingsRecorded
from zerocarbon.contracts.base import Origin, instant_text
from zerocarbon.ingest.domain import correction, factory, series
from zerocarbon.ingest.domain.block import blocks
from zerocarbon.ingest.domain.reading import Given, Reading
from zerocarbon.ingest.domain.series import Admitted, Series
from zerocarbon.ingest.service.recording import append
from zerocarbon.ingest.service.refused import refused
from zerocarbon.ingest.store import readings as store


def record_series(factory_id: str, given: Sequence[Series], *, partial: bool) -> UseCase:
    """Records readings of one or several meters.

    With `partial`, readings that may enter are recorded and the others are returned with their rules; else
    one bad reading refuses the request. A request of which nothing may enter is refused either way.
    """

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await work.load(factory.stream(factory_id), factory.decider)
        factory.zone_of(loaded.state, factory_id)
        meters = loaded.state.meters
        wanted: dict[str, set[datetime]] = {}
        for one in given:
            if one.meter in meters:
                starts = wanted.setdefault(meters[one.meter].meter_id, set())
                starts.update(reading.start for reading in one.given if reading.start is not None)
        known = {
            meter_id: {start: kept.value for start, kept in found.items()}
            for meter_id, found in (await store.newest(work.connection, work.organisation_id, wanted)).items()
        }
        admitted, found = await asyncio.to_thread(series.admit, given, meters, known, work.now)
        if found and not (partial and admitted):
            raise Refused(found)
        made = await asyncio.to_thread(_blocks, admitted, work.now)
        await append(work, made)
        body: dict[str, Any] = {"readings": sum(len(b.values) for b in made), "events": len(made)}
        if partial:
            codes = {meter.meter_id: code for code, meter in meters.items()}
            body |= {"accepted": _accepted(made, codes), "refused": refused(found)}
        return Answer(201, body)

    return use_case


def _blocks(admitted: Sequence[Admitted], now: datetime) -> list[ReadingsRecorded]:
    return [block for one in admitted for block in blocks(one.readings, one.meter, one.origin, now)]


def _accepted(made: Sequence[ReadingsRecorded], codes: Mapping[str, str]) -> list[dict[str, Any]]:
    # By stretches of consecutive intervals, half-open: a list of every interval would be the request again.
    return [
        {
            "meter": codes[block.meter_id],
            "start": instant_text(block.start),
            "end": instant_text(block.start + timedelta(seconds=block.interval_seconds) * len(block.values)),
            "readings": len(block.values),
        }
        for block in made
    ]


def correct(
    factory_id: str, meter_code: str, readings: Sequence[Given], reason: str, origin: Origin
) -> UseCase:
    """Corrects readings by new revisions; the raw values stay readable beside them (R120, R122)."""

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await work.load(factory.stream(factory_id), factory.decider)
        factory.zone_of(loaded.state, factory_id)
        meter = loaded.state.meters.get(meter_code)
        if meter is None:
            unread = [violation for one in readings for violation in _unread(one)]
            raise Refused([series.unknown_meter(meter_code, ""), *unread])
        wanted = {meter.meter_id: {one.start for one in readings if one.start is not None}}
        stored = await store.newest(work.connection, work.organisation_id, wanted)
        events, found = correction.correct(
            readings, meter, stored.get(meter.meter_id, {}), reason, origin, work.now
        )
        if found:
            raise Refused(found)
        await append(work, events)
        return Answer(201, {"corrected": len(events)})

    return use_case


def _unread(one: Given) -> tuple[Violation, ...]:
    return () if isinstance(one, Reading) else one.violations
