"""What anybody may read: published snapshots with their live status, and the installation's public keys."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from zerocarbon.declaration.api.scopes import BASE, service_of
from zerocarbon.declaration.documents import statement_html
from zerocarbon.declaration.service import credential, documents, overview
from zerocarbon.declaration.service.signing import signing_key

router = APIRouter(prefix=BASE, tags=["public"])
PUBLIC = "/public/statements/{statement_id}"
LIVE = {"Cache-Control": "no-cache", "Vary": "Accept"}


@router.get(PUBLIC)
async def get_published_statement(
    request: Request, statement_id: UUID, accept: Annotated[str, Header()] = "application/json"
) -> Response:
    """A published statement with its live status, as JSON or as a page."""
    context = service_of(request)
    found = await overview.published(context, str(statement_id))
    if "text/html" not in accept:
        return JSONResponse(overview.published_body(found), headers=LIVE)
    view = await documents.of_statement(context, found.organisation_id, found.factory_id, found.statement_id)
    return HTMLResponse(await documents.drawn(statement_html, view), headers=LIVE)


@router.get(PUBLIC + "/declaration.json")
async def published_declaration(request: Request, statement_id: UUID) -> Response:
    """The signed credential of a published statement. Its status is at the address above."""
    found = await overview.published(service_of(request), str(statement_id))
    return JSONResponse(credential.enveloped(found.credential), media_type="application/vc+ld+json")


@router.get("/keys")
async def list_keys(request: Request) -> dict[str, list[dict[str, str]]]:
    """The installation's public keys, as a JWK set."""
    return {"keys": [signing_key(service_of(request).data_directory).jwk()]}


@router.get("/keys.pem", response_class=PlainTextResponse)
async def public_key(request: Request) -> str:
    """The public key in PEM, for `zerocarbon verify --key`."""
    return signing_key(service_of(request).data_directory).public_pem()
