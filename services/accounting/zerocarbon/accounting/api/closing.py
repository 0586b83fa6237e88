"""Preview and close of an inventory, and the way from one of its figures down to buckets and meters."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from zerocarbon.accounting.api.access import FACTORY_PREFIX, SERVICE, InventoryReader, Options, Reviewer
from zerocarbon.accounting.api.shown import Preview
from zerocarbon.accounting.api.views import draft_view
from zerocarbon.accounting.service.closing import close, draft
from zerocarbon.accounting.service.explaining import explain
from zerocarbon.common.http.scope import context_of, run

router = APIRouter(prefix=f"{FACTORY_PREFIX}/inventories/{{inventory_id}}", tags=["inventories"])


@router.get("/preview", response_model=None, responses={200: {"model": Preview}})
async def preview(
    request: Request, factory_id: UUID, inventory_id: UUID, scope: InventoryReader
) -> dict[str, Any]:
    """What is open, and lines and totals as of now, also of a period that is closed. Freezes nothing."""
    context = context_of(request, SERVICE)
    inventory = str(inventory_id)
    return draft_view(inventory, await draft(context, scope.organisation_id, str(factory_id), inventory))


@router.post("/close")
async def close_inventory(
    request: Request, factory_id: UUID, inventory_id: UUID, scope: Reviewer, options: Options
) -> Response:
    """Freezes a period into a numbered, hashed version; by somebody who did not prepare it (R175)."""
    context = context_of(request, SERVICE)
    prepared = await draft(context, scope.organisation_id, str(factory_id), str(inventory_id))
    use_case = close(str(factory_id), str(inventory_id), prepared)
    return await run(request, SERVICE, scope, options, use_case)


@router.get("/explanation")
async def explain_line(
    request: Request,
    factory_id: UUID,
    inventory_id: UUID,
    scope: InventoryReader,
    line: Annotated[str, Query(description="The name of a line.", examples=["cell-plant/grid/market"])],
) -> dict[str, Any]:
    """A line of a closed version opened downwards: factors, monthly buckets, meters and their coverage."""
    context = context_of(request, SERVICE)
    return await explain(context, scope.organisation_id, str(factory_id), str(inventory_id), line)
