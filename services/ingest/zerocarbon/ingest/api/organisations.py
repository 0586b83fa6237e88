"""Organisations, keys and grants."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from zerocarbon.common.http.scope import CommandOptions, OrganisationId, allow, command_options, run
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
from zerocarbon.ingest.service import organisations

SERVICE = "ingest"
router = APIRouter(prefix="/ingest/v1/organisations/{organisation_id}", tags=["organisations"])

Admin = Annotated[Scope, Depends(allow(SERVICE, "admin"))]
Options = Annotated[CommandOptions, Depends(command_options)]


@router.put("", status_code=201)
async def register_organisation(
    request: Request, organisation_id: OrganisationId, form: OrganisationForm, scope: Admin, options: Options
) -> Response:
    """Registers an organisation under an id that the caller chose; the same again changes nothing."""
    fact = OrganisationRegistered(organisation_id=str(organisation_id), **form.model_dump())
    return await run(request, SERVICE, scope, options, organisations.register(fact))


@router.post("/api-keys", status_code=201)
async def issue_api_key(request: Request, form: ApiKeyForm, scope: Admin, options: Options) -> Response:
    """Issues a key. It is in this answer and nowhere else: only its digest is kept."""
    key = new_key()
    fact = ApiKeyIssued(
        organisation_id=scope.organisation_id,
        api_key_id=new_id(),
        principal_id=form.principal_id or new_id(),
        roles=form.roles,
        key_sha256=key_digest(key),
        expires_at=form.expires_at,
    )
    use_case = organisations.issue_key(fact, new_principal=form.principal_id is None)
    response = await run(request, SERVICE, scope, options, use_case)
    # A kept answer belongs to an earlier request, whose key is not known any more.
    if response.status_code == 201 and fact.api_key_id.encode() in bytes(response.body):
        response.headers["Zerocarbon-Api-Key"] = key
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
