"""Gathers what a claim rests on: what other services told, bounded by the organisation."""

from __future__ import annotations

from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.declaration import StatementIssued
from zerocarbon.contracts.inventory import InventoryClosed
from zerocarbon.declaration.domain.facts import Known
from zerocarbon.declaration.domain.record import Claim
from zerocarbon.declaration.store import factories, inventories, retirements


async def for_claim(
    connection: Connection, organisation_id: str, claim: Claim, issued: StatementIssued | None = None
) -> Known:
    """What a claim rests on today, or what a statement rested on when it was issued."""
    opened = claim.opened
    known = await inventories.of_factory(connection, organisation_id, opened.factory_id)
    closed = known[opened.inventory_id].closed
    if issued is None:
        requests = [request.correlation_id for request in claim.requests]
        retired = await retirements.standing(connection, organisation_id, requests)
    else:
        retired = await retirements.as_retired(connection, organisation_id, issued.retirements)
    basis = await for_inventory(connection, organisation_id, closed)
    return Known(
        factory=basis.factory,
        inventories=known,
        retired=retired,
        energy=basis.energy,
        factors=basis.factors,
        energy_withdrawn=basis.energy_withdrawn,
    )


async def for_inventory(connection: Connection, organisation_id: str, closed: InventoryClosed) -> Known:
    """What a closed inventory rests on. Sources, meters and factors are those of its close."""
    return Known(
        factory=await factories.known_factory(
            connection, organisation_id, closed.factory_id, told_by=closed.closed_at
        ),
        inventories={},
        energy=await retirements.as_retired(connection, organisation_id, closed.retirements),
        factors=await inventories.own_factors(connection, organisation_id, closed.closed_at),
        energy_withdrawn=await retirements.any_withdrawn(connection, organisation_id, closed.retirements),
    )
