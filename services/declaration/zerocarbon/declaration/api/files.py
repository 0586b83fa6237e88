"""Statements and claims as files: documents, the signed credential, the evidence bundle."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from zerocarbon.declaration.api.claims import AskedStandard, On
from zerocarbon.declaration.api.scopes import FACTORY, End, Reader, Start, service_of, versioned
from zerocarbon.declaration.documents import statement_html, statement_pdf
from zerocarbon.declaration.service import bundles, documents, overview
from zerocarbon.declaration.service.bundles import Made

router = APIRouter(tags=["statements"])
STATEMENT = FACTORY + "/statements/{statement_id}"
CLAIM = FACTORY + "/claims/{claim_id}"
PDF = "application/pdf"
ZIP = "application/zip"


@router.get(FACTORY + "/statements")
async def list_statements(
    request: Request, factory_id: UUID, scope: Reader, start: Start = None, end: End = None
) -> Response:
    """The factory's statements with their status, of all periods or of those within `[start, end)`."""
    context, organisation = service_of(request), scope.organisation_id
    within = (start, end) if start and end else None
    return versioned(await overview.listed(context, organisation, str(factory_id), "statements", within))


@router.get(STATEMENT)
async def get_statement(request: Request, factory_id: UUID, statement_id: UUID, scope: Reader) -> Response:
    """A statement with its status and the numbers of its versions."""
    context, organisation = service_of(request), scope.organisation_id
    return versioned(await overview.statement(context, organisation, str(factory_id), str(statement_id)))


@router.get(STATEMENT + "/statement.html", response_class=HTMLResponse)
async def statement_page(request: Request, factory_id: UUID, statement_id: UUID, scope: Reader) -> Response:
    """The newest version, as one self-contained page in Chinese and English."""
    view = await documents.of_statement(
        service_of(request), scope.organisation_id, str(factory_id), str(statement_id)
    )
    return HTMLResponse(await documents.drawn(statement_html, view))


@router.get(STATEMENT + "/statement.pdf")
async def statement_file(request: Request, factory_id: UUID, statement_id: UUID, scope: Reader) -> Response:
    """The newest version as PDF, fonts embedded."""
    view = await documents.of_statement(
        service_of(request), scope.organisation_id, str(factory_id), str(statement_id)
    )
    return Response(await documents.drawn(statement_pdf, view), media_type=PDF)


@router.get(STATEMENT + "/declaration.json")
async def declaration(request: Request, factory_id: UUID, statement_id: UUID, scope: Reader) -> Response:
    """The newest version as a W3C Verifiable Credential, signed by the installation when it was issued."""
    body = await documents.signed(
        service_of(request), scope.organisation_id, str(factory_id), str(statement_id)
    )
    return JSONResponse(body, media_type="application/vc+ld+json")


@router.get(STATEMENT + "/bundle.zip")
async def statement_bundle(request: Request, factory_id: UUID, statement_id: UUID, scope: Reader) -> Response:
    """The evidence bundle on whose facts the newest version was issued."""
    context, organisation = service_of(request), scope.organisation_id
    return _bundle(await bundles.of_statement(context, organisation, str(factory_id), str(statement_id)))


@router.get(CLAIM + "/statement.html", response_class=HTMLResponse)
async def claim_page(
    request: Request,
    factory_id: UUID,
    claim_id: UUID,
    scope: Reader,
    standard: AskedStandard = None,
    on: On = None,
) -> Response:
    """The claim's statement under one standard, or why there is none on a day and what would cure it."""
    view = await documents.of_claim(
        service_of(request), scope.organisation_id, str(factory_id), str(claim_id), standard, on
    )
    return HTMLResponse(await documents.drawn(statement_html, view))


@router.get(CLAIM + "/statement.pdf")
async def claim_file(
    request: Request,
    factory_id: UUID,
    claim_id: UUID,
    scope: Reader,
    standard: AskedStandard = None,
    on: On = None,
) -> Response:
    """The same as PDF."""
    view = await documents.of_claim(
        service_of(request), scope.organisation_id, str(factory_id), str(claim_id), standard, on
    )
    return Response(await documents.drawn(statement_pdf, view), media_type=PDF)


@router.get(CLAIM + "/bundle.zip")
async def claim_bundle(request: Request, factory_id: UUID, claim_id: UUID, scope: Reader) -> Response:
    """The evidence bundle of a claim; the header says which statements were issued on these facts."""
    context, organisation = service_of(request), scope.organisation_id
    return _bundle(await bundles.of_claim(context, organisation, str(factory_id), str(claim_id)))


@router.get(FACTORY + "/inventories/{inventory_id}/bundle.zip")
async def inventory_bundle(request: Request, factory_id: UUID, inventory_id: UUID, scope: Reader) -> Response:
    """The evidence bundle of a closed inventory, whether or not anything was claimed on it."""
    context, organisation = service_of(request), scope.organisation_id
    return _bundle(await bundles.of_inventory(context, organisation, str(factory_id), str(inventory_id)))


def _bundle(made: Made) -> Response:
    headers = {"Zerocarbon-Statements": ", ".join(made.statements) or "none issued"}
    return Response(made.data, media_type=ZIP, headers=headers)
