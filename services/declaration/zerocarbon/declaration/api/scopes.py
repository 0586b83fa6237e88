"""The parts that all routes share."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.http.scope import CommandOptions, allow, command_options, context_of
from zerocarbon.common.identity.access import WHATEVER_THE_GRANT_HOLDS, Period, Scope
from zerocarbon.declaration.service.periods import Named, asked_period
from zerocarbon.declaration.service.roles import APPROVERS, PREPARERS, READERS, VERIFIERS

SERVICE = "declaration"
BASE = "/declaration/v1"
FACTORY = BASE + "/organisations/{organisation_id}/factories/{factory_id}"

Preparer = Annotated[Scope, Depends(allow(SERVICE, *PREPARERS))]
Approver = Annotated[Scope, Depends(allow(SERVICE, *APPROVERS))]


async def _asked_period(request: Request, context: ServiceContext, organisation_id: UUID) -> Period | None:
    path, query = request.path_params, request.query_params
    named = Named(
        factory_id=str(path["factory_id"]),
        claim_id=path.get("claim_id"),
        statement_id=path.get("statement_id"),
        inventory_id=path.get("inventory_id"),
        start=_day(query.get("start")),
        end=_day(query.get("end")),
    )
    return await asked_period(context, str(organisation_id), named)


async def _of_the_grant(*_request: object) -> Period:
    return WHATEVER_THE_GRANT_HOLDS


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        return None  # the route itself names the field


Reader = Annotated[Scope, Depends(allow(SERVICE, *READERS, period=_asked_period))]
Verifier = Annotated[Scope, Depends(allow(SERVICE, *VERIFIERS, period=_of_the_grant))]
"""The use case looks for a grant that covers the inventory's period."""

Start = Annotated[date | None, Query(description="Only periods from this day on; together with `end`.")]
End = Annotated[date | None, Query(description="Only periods that end by this day; together with `start`.")]
Options = Annotated[CommandOptions, Depends(command_options)]


def service_of(request: Request) -> ServiceContext:
    """The running service's parts."""
    return context_of(request, SERVICE)


def versioned(answer: tuple[dict[str, Any], int]) -> Response:
    """A body with the version of the factory's stream as `ETag`."""
    body, version = answer
    return JSONResponse(body, headers={"ETag": f'"{version}"'})
