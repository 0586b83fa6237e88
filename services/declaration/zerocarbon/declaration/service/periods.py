"""Which period a request is about: a grant that is limited to a period opens only what lies within it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.access import Period
from zerocarbon.common.refusal import NotFound
from zerocarbon.contracts import base
from zerocarbon.declaration.service import reading
from zerocarbon.declaration.store import inventories


@dataclass(frozen=True, slots=True)
class Named:
    """What a request names within a factory; a list may be bounded to a period instead."""

    factory_id: str
    claim_id: str | None = None
    statement_id: str | None = None
    inventory_id: str | None = None
    start: date | None = None
    end: date | None = None


async def asked_period(context: ServiceContext, organisation_id: str, named: Named) -> Period | None:
    """The period of the claim, statement or inventory that is named, or that a list is bounded to; none
    where nothing of the kind is named or exists."""
    if named.start is not None and named.end is not None:
        return Period(named.start, named.end)
    try:
        found = await _found(context, organisation_id, named)
    except NotFound:
        return None
    return Period(found.start, found.end) if found is not None else None


async def _found(context: ServiceContext, organisation_id: str, named: Named) -> base.Period | None:
    async with context.database.request(organisation_id, read_only=True) as session:
        if named.inventory_id is not None:
            inventory = await inventories.known(
                session.connection, organisation_id, named.factory_id, named.inventory_id
            )
            return inventory.closed.period
        record = await reading.record_of(context, session.connection, organisation_id, named.factory_id)
    claim = record.claims.get(named.claim_id or "")
    if claim is not None:
        return claim.opened.period
    statement = record.statements.get(named.statement_id or "")
    return statement.current.valid if statement is not None else None
