"""What changed between two closed versions, and what arrived for one since its close."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request

from zerocarbon.accounting.api.access import (
    FACTORY_PREFIX,
    READERS,
    SERVICE,
    InventoryReader,
    period_of_inventory,
)
from zerocarbon.accounting.api.pending_views import pending_view
from zerocarbon.accounting.api.views import summary
from zerocarbon.accounting.domain.pending import THRESHOLD_PERCENT
from zerocarbon.accounting.service.comparing import compared
from zerocarbon.accounting.service.pending import pending_facts
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.http.scope import allow, context_of
from zerocarbon.common.identity.access import Period, Scope
from zerocarbon.contracts.base import Exact

router = APIRouter(prefix=f"{FACTORY_PREFIX}/inventories/{{inventory_id}}", tags=["inventories"])


async def _of_other(request: Request, context: ServiceContext, organisation_id: UUID) -> Period | None:
    """The period of the inventory that is named by `with`."""
    named = request.query_params.get("with", "")
    return await period_of_inventory(request, context, organisation_id, named)


OtherReader = Annotated[Scope, Depends(allow(SERVICE, *READERS, period=_of_other))]


@router.get("/comparison")
async def compare_inventories(
    request: Request,
    factory_id: UUID,
    inventory_id: UUID,
    scope: InventoryReader,
    _other_scope: OtherReader,
    other: Annotated[UUID, Query(alias="with", description="The closed version to compare with.")],
) -> dict[str, Any]:
    """Every line that differs from another closed version of the factory: this one less the other.

    The two may be of different periods or versions, but follow one method profile. Where this version
    supersedes the other, the attribution that was frozen with it stands beside.
    """
    context = context_of(request, SERVICE)
    found = await compared(context, scope.organisation_id, str(factory_id), str(inventory_id), str(other))
    assert found.after.closed is not None, "only closed versions are compared"
    succeeds = found.after.supersedes == found.before.inventory_id
    return {
        "before": summary(found.before),
        "after": summary(found.after),
        **found.comparison.to_json(),
        "attribution": found.after.closed.get("attribution") if succeeds else None,
    }


@router.get("/pending")
async def get_pending(
    request: Request,
    factory_id: UUID,
    inventory_id: UUID,
    scope: InventoryReader,
    threshold_percent: Annotated[
        Exact, Query(description="From how many per cent of the total on a restatement is due.", ge=0, le=100)
    ] = THRESHOLD_PERCENT,
) -> dict[str, Any]:
    """What arrived for a closed period: figures of today under knowledge date and factors of the close."""
    context = context_of(request, SERVICE)
    threshold: Decimal = threshold_percent
    return pending_view(
        await pending_facts(context, scope.organisation_id, str(factory_id), str(inventory_id), threshold)
    )
