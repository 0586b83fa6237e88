"""Reservations and retirements over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from zerocarbon.certificates.api.access import PREFIX, SERVICE, Actor, After, Limit, Options, Reader
from zerocarbon.certificates.domain.progress import Status
from zerocarbon.certificates.service import cursor, reading, retirements
from zerocarbon.certificates.service.forms import ReleaseForm, RetirementForm
from zerocarbon.common.http.scope import context_of, run

router = APIRouter(prefix=PREFIX, tags=["retirements"])


@router.post("/retirements", status_code=202)
async def retire(request: Request, form: RetirementForm, scope: Actor, options: Options) -> Response:
    """Reserves units and asks their registry to retire them; final once the registry confirms."""
    return await _order(request, form, scope, options, submit=True)


@router.post("/reservations", status_code=201)
async def reserve(request: Request, form: RetirementForm, scope: Actor, options: Options) -> Response:
    """Sets units aside until `expires_at`, without asking the registry yet."""
    return await _order(request, form, scope, options, submit=False)


@router.post("/reservations/{correlation_id}/retire", status_code=202)
async def retire_reserved(request: Request, correlation_id: UUID, scope: Actor, options: Options) -> Response:
    """Asks the registry to retire what was reserved."""
    store = context_of(request, SERVICE).store
    use_case = retirements.retire_reserved(store, str(correlation_id))
    return await run(request, SERVICE, scope, options, use_case)


@router.post("/retirements/{correlation_id}/release")
async def release(
    request: Request, correlation_id: UUID, form: ReleaseForm, scope: Actor, options: Options
) -> Response:
    """Calls a request back. A confirmation that the registry sends nevertheless stands."""
    store = context_of(request, SERVICE).store
    use_case = retirements.release(store, str(correlation_id), form.reason)
    return await run(request, SERVICE, scope, options, use_case)


@router.get("/retirements")
async def list_retirements(
    request: Request,
    scope: Reader,
    status: Annotated[list[Status] | None, Query()] = None,
    factory_id: Annotated[UUID | None, Query()] = None,
    after: After = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Requests of the organisation, oldest first; `status=awaiting-registry` is what registries still owe."""
    return await _page(request, scope.organisation_id, status or [], factory_id, after, limit)


@router.get("/reservations")
async def list_reservations(
    request: Request, scope: Reader, after: After = None, limit: Limit = 100
) -> dict[str, Any]:
    """Requests that are set aside and not sent to a registry."""
    return await _page(request, scope.organisation_id, ["reserved"], None, after, limit)


@router.get("/retirements/{correlation_id}")
async def get_retirement(request: Request, correlation_id: UUID, scope: Reader) -> dict[str, Any]:
    """How far a request has come, with its units."""
    context = context_of(request, SERVICE)
    return await reading.one_retirement(context, scope.organisation_id, str(correlation_id))


async def _order(
    request: Request, form: RetirementForm, scope: Actor, options: Options, *, submit: bool
) -> Response:
    context = context_of(request, SERVICE)
    order = await form.order(scope.organisation_id, context.database, context.business_clock)
    use_case = retirements.reserve(context.store, order, submit=submit)
    return await run(request, SERVICE, scope, options, use_case)


async def _page(
    request: Request,
    organisation_id: str,
    statuses: list[Status],
    factory_id: UUID | None,
    after: str | None,
    limit: int,
) -> dict[str, Any]:
    key = cursor.decode(after, (str, str))
    items = await reading.retirement_page(
        context_of(request, SERVICE),
        organisation_id,
        statuses=statuses,
        factory_id=str(factory_id) if factory_id else None,
        after=(datetime.fromisoformat(str(key[0])), str(key[1])) if key else None,
        limit=limit,
    )
    last = items[limit - 1] if len(items) > limit else None
    following = cursor.encode(last["asked_at"], last["correlation_id"]) if last else None
    return {"items": items[:limit], "next": following}
