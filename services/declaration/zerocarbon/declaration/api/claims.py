"""Opinions, claims, retirements, and what each standard says about a claim."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from zerocarbon.common.http.scope import run
from zerocarbon.contracts.declaration import Standard
from zerocarbon.declaration.api.scopes import (
    FACTORY,
    SERVICE,
    End,
    Options,
    Preparer,
    Reader,
    Start,
    Verifier,
    service_of,
    versioned,
)
from zerocarbon.declaration.service import claims, opinions, overview, statements
from zerocarbon.declaration.service.forms import ClaimForm, OpinionForm, RetirementForm, StatementForm

router = APIRouter(tags=["claims"])

AskedStandard = Annotated[
    Standard | None, Query(description="Without it, the one that the date calls for (R192).")
]
On = Annotated[date | None, Query(description="Judge as of this day; today without it.")]


@router.get(FACTORY + "/inventories")
async def list_inventories(
    request: Request, factory_id: UUID, scope: Reader, start: Start = None, end: End = None
) -> dict[str, Any]:
    """The closed inventories of the factory as `accounting` told them: what can be verified and claimed."""
    context, organisation = service_of(request), scope.organisation_id
    within = (start, end) if start and end else None
    return await overview.inventories_of(context, organisation, str(factory_id), within)


@router.post(FACTORY + "/opinions", status_code=201)
async def sign_opinion(
    request: Request, factory_id: UUID, form: OpinionForm, scope: Verifier, options: Options
) -> Response:
    """Signs an opinion on one exact inventory; for verifiers whom the organisation let in by a grant."""
    clock = service_of(request).system_clock
    return await run(request, SERVICE, scope, options, opinions.sign(str(factory_id), form, clock))


@router.get(FACTORY + "/opinions")
async def list_opinions(request: Request, factory_id: UUID, scope: Reader) -> Response:
    """The opinions on the factory's inventories; the last one on a version counts."""
    context, organisation = service_of(request), scope.organisation_id
    return versioned(await overview.listed(context, organisation, str(factory_id), "opinions"))


@router.post(FACTORY + "/claims", status_code=201)
async def open_claim(
    request: Request, factory_id: UUID, form: ClaimForm, scope: Preparer, options: Options
) -> Response:
    """Opens the claim of a boundary and period on a verified inventory, or binds it anew."""
    return await run(request, SERVICE, scope, options, claims.open_claim(str(factory_id), form))


@router.get(FACTORY + "/claims")
async def list_claims(
    request: Request, factory_id: UUID, scope: Reader, start: Start = None, end: End = None
) -> Response:
    """The factory's claims, of all periods or of those within `[start, end)`."""
    context, organisation = service_of(request), scope.organisation_id
    within = (start, end) if start and end else None
    return versioned(await overview.listed(context, organisation, str(factory_id), "claims", within))


@router.get(FACTORY + "/claims/{claim_id}")
async def get_claim(request: Request, factory_id: UUID, claim_id: UUID, scope: Reader) -> Response:
    """A claim with its requests, what was retired, its statements and refusals."""
    context, organisation = service_of(request), scope.organisation_id
    return versioned(await overview.claim(context, organisation, str(factory_id), str(claim_id)))


@router.post(FACTORY + "/claims/{claim_id}/retirements", status_code=201)
async def request_retirement(
    request: Request,
    factory_id: UUID,
    claim_id: UUID,
    form: RetirementForm,
    scope: Preparer,
    options: Options,
) -> Response:
    """Asks for credits to be retired for the claim; refused before a passing opinion (R179)."""
    use_case = claims.request_retirement(str(factory_id), str(claim_id), form)
    return await run(request, SERVICE, scope, options, use_case)


@router.get(FACTORY + "/claims/{claim_id}/evaluation")
async def evaluate(
    request: Request,
    factory_id: UUID,
    claim_id: UUID,
    scope: Reader,
    standard: AskedStandard = None,
    on: On = None,
) -> dict[str, Any]:
    """What a standard would say on a day: every gate, what was found, what would cure it. No effect."""
    return await statements.evaluate(
        service_of(request), scope.organisation_id, str(factory_id), str(claim_id), standard, on
    )


@router.post(FACTORY + "/claims/{claim_id}/statements", status_code=201)
async def request_statement(
    request: Request,
    factory_id: UUID,
    claim_id: UUID,
    form: StatementForm,
    scope: Preparer,
    options: Options,
) -> Response:
    """Asks for a statement: 201 when every gate holds, else 422 with all gates; both are recorded."""
    context, organisation = service_of(request), scope.organisation_id
    prepared = await statements.prepare(context, organisation, str(factory_id), str(claim_id), form.standard)
    use_case = statements.request(context, str(factory_id), str(claim_id), prepared)
    return await run(request, SERVICE, scope, options, use_case)
