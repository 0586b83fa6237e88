"""Organisations, keys and grants."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from zerocarbon.common.http.scope import (
    CommandOptions,
    OrganisationId,
    allow,
    command_options,
    context_of,
    run,
)
from zerocarbon.common.identity.access import Scope
from zerocarbon.common.identity.keys import key_digest, new_key
from zerocarbon.common.ids import new_id
from zerocarbon.contracts.reference import (
    ApiKeyIssued,
    ApiKeyRevoked,
    GrantIssued,
    GrantRevoked,
    OrganisationRegistered,
)
from zerocarbon.ingest.api.forms import ApiKeyForm, GrantForm, OrganisationForm
from zerocarbon.ingest.api.shown import IssuedApiKey
from zerocarbon.ingest.service import organisations

SERVICE = "ingest"
router = APIRouter(prefix="/ingest/v1/organisations/{organisation_id}", tags=["organisations"])

Admin = Annotated[Scope, Depends(allow(SERVICE, "admin"))]
Options = Annotated[CommandOptions, Depends(command_options)]

KEY_HEADER = "Zerocarbon-Api-Key"
ISSUED: dict[str, Any] = {
    "model": IssuedApiKey,
    "description": f"The key exists. It stands in the header `{KEY_HEADER}`, once; not in the body.",
    "headers": {
        KEY_HEADER: {
            "description": "The key, to be sent as `Authorization: Bearer <key>`. It is shown this once; the"
            " answer to a repeated request with the same `Idempotency-Key` does not carry it.",
            "schema": {"type": "string", "pattern": "^zc_[A-Za-z0-9_-]{43}$"},
            "example": "zc_5xQ0example0key0example0key0example0key0exa",
        }
    },
}


@router.put("", status_code=201)
async def register_organisation(
    request: Request, organisation_id: OrganisationId, form: OrganisationForm, scope: Admin, options: Options
) -> Response:
    """Registers an organisation under an id that the caller chose; the same again changes nothing."""
    fact = OrganisationRegistered(organisation_id=str(organisation_id), **form.model_dump())
    return await run(request, SERVICE, scope, options, organisations.register(fact))


@router.post("/api-keys", status_code=201, responses={201: ISSUED})
async def issue_api_key(request: Request, form: ApiKeyForm, scope: Admin, options: Options) -> Response:
    """Issues a key. The key stands in the header `Zerocarbon-Api-Key` of this answer and nowhere else.

    Only its digest is kept. The body names the key's id and principal and holds no secret, because bodies
    are kept with their `Idempotency-Key`: a repeated request gets the same body and no key. Whoever lost a
    key revokes it and issues another.
    """
    key = new_key()
    fact = ApiKeyIssued(
        organisation_id=scope.organisation_id,
        api_key_id=new_id(),
        principal_id=form.principal_id or new_id(),
        roles=form.roles,
        key_sha256=key_digest(key),
        expires_at=form.expires_at,
    )
    asked_at = context_of(request, SERVICE).system_clock.now()
    use_case = organisations.issue_key(fact, new_principal=form.principal_id is None, asked_at=asked_at)
    response = await run(request, SERVICE, scope, options, use_case)
    # A kept answer belongs to an earlier request, whose key is not known any more.
    if response.status_code == 201 and fact.api_key_id.encode() in bytes(response.body):
        response.headers[KEY_HEADER] = key
        response.headers["Cache-Control"] = "no-store"
    return response


@router.delete("/api-keys/{api_key_id}")
async def revoke_api_key(request: Request, api_key_id: UUID, scope: Admin, options: Options) -> Response:
    """Ends a key at once."""
    fact = ApiKeyRevoked(organisation_id=scope.organisation_id, api_key_id=str(api_key_id))
    return await run(request, SERVICE, scope, options, organisations.change_access(fact, 200))


@router.post("/grants", status_code=201)
async def issue_grant(request: Request, form: GrantForm, scope: Admin, options: Options) -> Response:
    """Lets a verifier, a group or a registry in, in one role and until a moment."""
    fact = GrantIssued(organisation_id=scope.organisation_id, grant_id=new_id(), **form.model_dump())
    return await run(request, SERVICE, scope, options, organisations.change_access(fact, 201))


@router.delete("/grants/{grant_id}")
async def revoke_grant(request: Request, grant_id: UUID, scope: Admin, options: Options) -> Response:
    """Ends a grant before its time."""
    fact = GrantRevoked(organisation_id=scope.organisation_id, grant_id=str(grant_id))
    return await run(request, SERVICE, scope, options, organisations.change_access(fact, 200))
