"""Who may do what in accounting. Grants for one period open that period's inventories and sums only."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from zerocarbon.accounting.store import inventories
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.http.scope import CommandOptions, allow, command_options
from zerocarbon.common.identity.access import Period, Scope
from zerocarbon.common.refusal import NotFound

SERVICE = "accounting"
PREFIX = "/accounting/v1/organisations/{organisation_id}"
FACTORY_PREFIX = f"{PREFIX}/factories/{{factory_id}}"

READERS = ("operator", "preparer", "reviewer", "verifier", "admin")


async def _of_inventory(request: Request, context: ServiceContext, organisation_id: UUID) -> Period | None:
    """The period of the inventory in the path."""
    return await period_of_inventory(request, context, organisation_id, request.path_params["inventory_id"])


async def period_of_inventory(
    request: Request, context: ServiceContext, organisation_id: UUID, inventory_id: str
) -> Period | None:
    """The period of an inventory of the factory in the path; no grant is limited to that of none."""
    try:
        inventory, factory = str(UUID(inventory_id)), str(UUID(request.path_params["factory_id"]))
        async with context.database.request(str(organisation_id), read_only=True) as session:
            version = await inventories.find(session.connection, str(organisation_id), factory, inventory)
    except (NotFound, ValueError):
        return None
    return Period(version.period.start, version.period.end)


async def _of_query(request: Request, _context: ServiceContext, _organisation_id: UUID) -> Period | None:
    """The local days `from` and `to` of the query."""
    try:
        asked = [date.fromisoformat(request.query_params[name]) for name in ("from", "to")]
    except (KeyError, ValueError):
        return None
    return Period(*asked)


Preparer = Annotated[Scope, Depends(allow(SERVICE, "preparer", "admin"))]
Reviewer = Annotated[Scope, Depends(allow(SERVICE, "reviewer", "admin"))]
Reader = Annotated[Scope, Depends(allow(SERVICE, *READERS))]
InventoryReader = Annotated[Scope, Depends(allow(SERVICE, *READERS, period=_of_inventory))]
SpanReader = Annotated[Scope, Depends(allow(SERVICE, *READERS, period=_of_query))]
Options = Annotated[CommandOptions, Depends(command_options)]
