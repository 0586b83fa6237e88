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
