"""The factor library with its sources, and the organisation's own factors."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from zerocarbon.accounting.api.access import PREFIX, SERVICE, Options, Preparer, Reader, Reviewer
from zerocarbon.accounting.api.forms import FactorForm
from zerocarbon.accounting.service import own_factors
from zerocarbon.accounting.store import own_factors as store
from zerocarbon.common.http.scope import context_of, run
from zerocarbon.contracts.base import Code
from zerocarbon.contracts.inventory import FactorSubmitted
from zerocarbon.proof.factors.library import Library

router = APIRouter(prefix=f"{PREFIX}/factors", tags=["factors"])

ANY_VERSION = 1  # the decision numbers it


@router.get("")
async def list_factors(
    request: Request,
    scope: Reader,
    purpose: Annotated[str | None, Query(description="Only factors for this purpose.")] = None,
    substance: Annotated[str | None, Query(description="Only factors of this substance.")] = None,
) -> dict[str, Any]:
    """The library that comes with the product, each factor with source, clause and confidence, and what the
    organisation brought itself. A figure marked `memory` never enters a claimed number."""
    async with context_of(request, SERVICE).database.request(scope.organisation_id) as session:
        own = await store.listed(session.connection, scope.organisation_id)
    library = [factor.to_json() for factors in Library.load().by_purpose.values() for factor in factors]
    return {
        "library": [one for one in library if _wanted(one, purpose, substance)],
        "own": [one for one in own if _wanted(one, purpose, substance)],
    }


@router.post("", status_code=201)
async def submit_factor(request: Request, form: FactorForm, scope: Preparer, options: Options) -> Response:
    """Puts a factor forward; it acts once somebody else has approved it."""
    wanted = FactorSubmitted(
        organisation_id=scope.organisation_id,
        version=ANY_VERSION,
        submitter_id=scope.principal.principal_id,
        **form.model_dump(),
    )
    return await run(request, SERVICE, scope, options, own_factors.submit(wanted))


@router.post("/{factor}/versions/{version}/approval")
async def approve_factor(
    request: Request,
    factor: Code,
    version: Annotated[int, Path(ge=1)],
    scope: Reviewer,
    options: Options,
) -> Response:
    """Lets a version of a factor act; by somebody else than its submitter."""
    return await run(request, SERVICE, scope, options, own_factors.approve(factor, version))


def _wanted(factor: dict[str, Any], purpose: str | None, substance: str | None) -> bool:
    return purpose in (None, factor["purpose"]) and substance in (None, factor["substance"])
