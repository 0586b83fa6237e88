"""Files of meters."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from pydantic import ValidationError

from zerocarbon.common.fault import pointer
from zerocarbon.common.http.scope import CommandOptions, allow, command_options, context_of, run
from zerocarbon.common.identity.access import Scope
from zerocarbon.common.refusal import Refused, Violation
from zerocarbon.ingest.api.forms import MappingForm
from zerocarbon.ingest.api.shown import ImportedFile
from zerocarbon.ingest.api.whole_form import WholeFormRoute
from zerocarbon.ingest.domain.series_file import SeriesMapping
from zerocarbon.ingest.service import files

SERVICE = "ingest"
router = APIRouter(
    prefix="/ingest/v1/organisations/{organisation_id}/factories/{factory_id}",
    tags=["activity"],
    route_class=WholeFormRoute,
)

Operator = Annotated[Scope, Depends(allow(SERVICE, "operator"))]
Options = Annotated[CommandOptions, Depends(command_options)]

EXAMPLE_FILE = "time,kwh\n2025-01-01 00:00,412.250\n2025-01-01 00:15,409.125\n"
EXAMPLE_MAPPING = (
    '{"meter": "grid-import", "time_column": "time", "value_column": "kwh",'
    ' "time_format": "%Y-%m-%d %H:%M", "unit": "kWh", "stamp": "start"}'
)


@router.post("/uploads", status_code=201, responses={201: {"model": ImportedFile}})
async def upload_file(
    request: Request,
    factory_id: UUID,
    scope: Operator,
    options: Options,
    file: Annotated[
        UploadFile, File(description="A delimited text file of one meter's series.", examples=[EXAMPLE_FILE])
    ],
    mapping: Annotated[
        str,
        Form(
            description="How to read it: a JSON object with the keys of `MappingForm`. `meter`, the columns,"
            " `time_format`, `unit` and `stamp` are needed; the others have defaults.",
            examples=[EXAMPLE_MAPPING],
            json_schema_extra={
                "contentMediaType": "application/json",
                "contentSchema": MappingForm.model_json_schema(),
            },
        ),
    ],
    partial: Annotated[bool, Query(description="Record the good rows, return the others.")] = False,
) -> Response:
    """Imports a meter's file as its declared mapping says; one bad row refuses it, unless `partial`.

    Row 1 is the first below the header; an empty line is a row, and one that is refused, except at the end
    of the file. A quoted value may run over several lines: it is one row. `accepted_rows` tells the rows that
    were recorded as ranges, such as `1-40,42-96`.
    """
    declared = _mapping(mapping)
    data = await file.read()
    context = context_of(request, SERVICE)
    read = await files.read_file(
        context.database, context.store, scope.organisation_id, str(factory_id), declared, data
    )
    said = b"\x00".join([str(partial).encode(), mapping.encode(), data])
    return await run(request, SERVICE, scope, options, files.import_file(read, partial=partial), body=said)


def _mapping(text: str) -> SeriesMapping:
    try:
        return SeriesMapping(**MappingForm.model_validate_json(text).model_dump())
    except ValidationError as wrong:
        raise Refused(
            [
                Violation(error["type"], error["msg"], f"/mapping{pointer(error['loc'])}")
                for error in wrong.errors()
            ]
        ) from wrong
