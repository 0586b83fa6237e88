"""The report of a closed version as a file: a page, a PDF, a workbook."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse

from zerocarbon.accounting.api.access import FACTORY_PREFIX, SERVICE, InventoryReader
from zerocarbon.accounting.service.reporting import Form, report
from zerocarbon.common.documents.bilingual import Language
from zerocarbon.common.http.scope import context_of
from zerocarbon.common.identity.access import Scope

router = APIRouter(prefix=f"{FACTORY_PREFIX}/inventories/{{inventory_id}}", tags=["reports"])

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES: dict[Form, str] = {"html": "text/html; charset=utf-8", "pdf": PDF, "xlsx": XLSX}

In = Annotated[Language, Query(description="Chinese, English, or both side by side.")]


@router.get("/report.html", response_class=HTMLResponse)
async def report_page(
    request: Request, factory_id: UUID, inventory_id: UUID, scope: InventoryReader, language: In = "both"
) -> Response:
    """The report of a closed version, as one self-contained page."""
    return await _file(request, scope, factory_id, inventory_id, "html", language)


@router.get("/report.pdf", response_class=Response, responses={200: {"content": {PDF: {}}}})
async def report_document(
    request: Request, factory_id: UUID, inventory_id: UUID, scope: InventoryReader, language: In = "both"
) -> Response:
    """The report of a closed version, as PDF with its fonts."""
    return await _file(request, scope, factory_id, inventory_id, "pdf", language)


@router.get("/report.xlsx", response_class=Response, responses={200: {"content": {XLSX: {}}}})
async def report_workbook(
    request: Request, factory_id: UUID, inventory_id: UUID, scope: InventoryReader, language: In = "both"
) -> Response:
    """The report of a closed version as a workbook, with every figure whole."""
    return await _file(request, scope, factory_id, inventory_id, "xlsx", language)


async def _file(
    request: Request, scope: Scope, factory_id: UUID, inventory_id: UUID, form: Form, language: Language
) -> Response:
    closed, data = await report(
        context_of(request, SERVICE),
        scope.organisation_id,
        str(factory_id),
        str(inventory_id),
        form,
        language,
    )
    name = f"inventory-{closed.factory}-{closed.period.start}-v{closed.version}.{form}"
    placed = "attachment" if form == "xlsx" else "inline"
    return Response(
        data,
        media_type=MEDIA_TYPES[form],
        headers={"Content-Disposition": f'{placed}; filename="{name}"'},
    )
