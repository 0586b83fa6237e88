"""Readings, files, corrections and records."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from pydantic import ValidationError

from zerocarbon.common.http.scope import CommandOptions, allow, command_options, context_of, run
from zerocarbon.common.identity.access import Scope
from zerocarbon.common.refusal import Refused, Violation
from zerocarbon.contracts.base import Instant, instant_text
from zerocarbon.ingest.api.forms import CorrectionForm, MappingForm, ReadingForm, ReadingsForm, RecordsForm
from zerocarbon.ingest.domain.reading import Reading
from zerocarbon.ingest.domain.record import Record
from zerocarbon.ingest.domain.series_file import SeriesMapping
from zerocarbon.ingest.service import readings, records
from zerocarbon.ingest.service.readings import Series
from zerocarbon.ingest.store import readings as stored
from zerocarbon.proof.numbers import canonical

SERVICE = "ingest"
router = APIRouter(
    prefix="/ingest/v1/organisations/{organisation_id}/factories/{factory_id}", tags=["activity"]
)

Operator = Annotated[Scope, Depends(allow(SERVICE, "operator"))]
Reader = Annotated[Scope, Depends(allow(SERVICE, "operator", "preparer", "reviewer", "verifier", "admin"))]
Options = Annotated[CommandOptions, Depends(command_options)]

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(9999, 1, 1, tzinfo=UTC)


def _readings(forms: list[ReadingForm], at: str) -> list[Reading]:
    return [
        Reading(form.start, form.value, pointer=f"{at}/readings/{number}")
        for number, form in enumerate(forms)
    ]


@router.post("/readings", status_code=201)
async def record_readings(
    request: Request, factory_id: UUID, form: ReadingsForm, scope: Operator, options: Options
) -> Response:
    """Records interval readings of one or several meters, all or nothing."""
    series = [
        Series(one.meter, one.unit, one.origin, _readings(one.readings, f"/series/{number}"))
        for number, one in enumerate(form.series)
    ]
    return await run(request, SERVICE, scope, options, readings.record_series(str(factory_id), series))


@router.post("/readings/corrections", status_code=201)
async def correct_readings(
    request: Request, factory_id: UUID, form: CorrectionForm, scope: Operator, options: Options
) -> Response:
    """Replaces stored values by new revisions; what was stored stays readable."""
    use_case = readings.correct(
        str(factory_id), form.meter, _readings(form.readings, ""), form.reason, form.origin
    )
    return await run(request, SERVICE, scope, options, use_case)


@router.get("/meters/{meter_id}/readings")
async def list_readings(
    request: Request,
    factory_id: UUID,
    meter_id: UUID,
    scope: Reader,
    after: Instant = EARLIEST,
    before: Instant = LATEST,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 1000,
) -> dict[str, Any]:
    """Stored values with all their revisions, by interval. `next` is the cursor for `after`."""
    async with context_of(request, SERVICE).database.request(scope.organisation_id) as session:
        found = await stored.page(
            session.connection, scope.organisation_id, str(meter_id), after, before, limit
        )
    items = [
        {"start": instant_text(one.start), "revision": one.revision, "value": canonical(one.value)}
        for one in found
    ]
    return {"items": items, "next": items[-1]["start"] if len(items) == limit else None}


@router.post("/uploads", status_code=201)
async def upload_file(
    request: Request,
    factory_id: UUID,
    scope: Operator,
    options: Options,
    file: Annotated[UploadFile, File(description="A delimited text file of one meter's series.")],
    mapping: Annotated[str, Form(description="How to read it: a JSON object, see MappingForm.")],
    partial: Annotated[bool, Query(description="Record the good rows, return the others.")] = False,
) -> Response:
    """Imports a meter's file as its declared mapping says; one bad row refuses it, unless `partial`."""
    try:
        declared = MappingForm.model_validate_json(mapping)
    except ValidationError as wrong:
        raise Refused(
            [
                Violation(error["type"], error["msg"], "/mapping/" + "/".join(map(str, error["loc"])))
                for error in wrong.errors()
            ]
        ) from wrong
    data = await file.read()
    use_case = readings.import_file(
        str(factory_id), SeriesMapping(**declared.model_dump()), data, partial=partial
    )
    said = b"\x00".join([str(partial).encode(), mapping.encode(), data])
    return await run(request, SERVICE, scope, options, use_case, body=said)


@router.post("/activity-records", status_code=201)
async def record_activities(
    request: Request, factory_id: UUID, form: RecordsForm, scope: Operator, options: Options
) -> Response:
    """Records activities that have no meter, all or nothing."""
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
    return await run(request, SERVICE, scope, options, records.record_activities(str(factory_id), admitted))
