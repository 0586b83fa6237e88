"""Readings, corrections and records."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from zerocarbon.common.http.scope import CommandOptions, allow, command_options, context_of, run
from zerocarbon.common.identity.access import Scope
from zerocarbon.contracts.base import Instant, instant_text
from zerocarbon.ingest.api.forms import CorrectionForm, ReadingForm, ReadingsForm, RecordsForm
from zerocarbon.ingest.api.shown import ReadingPage
from zerocarbon.ingest.domain import reading
from zerocarbon.ingest.domain.reading import Given
from zerocarbon.ingest.domain.record import Record
from zerocarbon.ingest.domain.series import Series
from zerocarbon.ingest.service import readings, records
from zerocarbon.ingest.store import readings as stored
from zerocarbon.proof.numbers import canonical

SERVICE = "ingest"
router = APIRouter(
    prefix="/ingest/v1/organisations/{organisation_id}/factories/{factory_id}", tags=["activity"]
)

Operator = Annotated[Scope, Depends(allow(SERVICE, "operator"))]
Reader = Annotated[Scope, Depends(allow(SERVICE, "operator", "preparer", "reviewer", "verifier", "admin"))]
Options = Annotated[CommandOptions, Depends(command_options)]
Partial = Annotated[bool, Query(description="Record what may enter, return what is refused beside it.")]

CURSOR = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/[1-9][0-9]{0,8}$"
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)


def _given(forms: list[ReadingForm], at: str) -> list[Given]:
    return [
        reading.read(form.start, form.value, f"{at}/readings/{number}") for number, form in enumerate(forms)
    ]


@router.post("/readings", status_code=201)
async def record_readings(
    request: Request,
    factory_id: UUID,
    form: ReadingsForm,
    scope: Operator,
    options: Options,
    partial: Partial = False,
) -> Response:
    """Records interval readings of one or several meters; one bad reading refuses all, unless `partial`.

    With `partial`, `accepted` names the stretches of consecutive intervals that were recorded, `[start, end)`
    each, and `refused` the others, by pointer and rule.
    """
    series = [
        Series(one.meter, one.unit, one.origin, _given(one.readings, at), at)
        for at, one in ((f"/series/{number}", one) for number, one in enumerate(form.series))
    ]
    use_case = readings.record_series(str(factory_id), series, partial=partial)
    return await run(request, SERVICE, scope, options, use_case)


@router.post("/readings/corrections", status_code=201)
async def correct_readings(
    request: Request, factory_id: UUID, form: CorrectionForm, scope: Operator, options: Options
) -> Response:
    """Replaces stored values by new revisions; what was stored stays readable."""
    use_case = readings.correct(
        str(factory_id), form.meter, _given(form.readings, ""), form.reason, form.origin
    )
    return await run(request, SERVICE, scope, options, use_case)


@router.get("/meters/{meter_id}/readings", response_model=None, responses={200: {"model": ReadingPage}})
async def list_readings(
    request: Request,
    factory_id: UUID,
    meter_id: UUID,
    scope: Reader,
    since: Instant = EARLIEST,
    before: Instant = LATEST,
    after: Annotated[str | None, Query(description="`next` of the page before.", pattern=CURSOR)] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
) -> dict[str, Any]:
    """Stored values with all their revisions, by interval, from `since` on."""
    async with context_of(request, SERVICE).database.request(scope.organisation_id) as session:
        found = await stored.page(
            session.connection,
            scope.organisation_id,
            str(factory_id),
            str(meter_id),
            _place(after) if after is not None else (since, 0),
            before,
            limit,
        )
    items = [
        {"start": instant_text(one.start), "revision": one.revision, "value": canonical(one.value)}
        for one in found
    ]
    last = items[-1] if len(items) == limit else None
    return {"items": items, "next": f"{last['start']}/{last['revision']}" if last else None}


def _place(cursor: str) -> tuple[datetime, int]:
    start, _, revision = cursor.partition("/")
    return datetime.fromisoformat(start), int(revision)


@router.post("/activity-records", status_code=201)
async def record_activities(
    request: Request,
    factory_id: UUID,
    form: RecordsForm,
    scope: Operator,
    options: Options,
    partial: Partial = False,
) -> Response:
    """Records activities that have no meter; one bad record refuses all, unless `partial`."""
    admitted = [
        Record(
            source=one.source,
            code=one.record,
            start=one.start,
            end=one.end,
            quantity=one.quantity,
            unit=one.unit,
            origin=one.origin,
            evidence_sha256=one.evidence_sha256,
            note=one.note,
            pointer=f"/records/{number}",
        )
        for number, one in enumerate(form.records)
    ]
    use_case = records.record_activities(str(factory_id), admitted, partial=partial)
    return await run(request, SERVICE, scope, options, use_case)
