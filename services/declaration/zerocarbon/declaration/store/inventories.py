"""Closed inventories and the factors that organisations bring, as `accounting` told them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import NotFound
from zerocarbon.contracts.inventory import FactorApproved, InventoryClosed
from zerocarbon.declaration.domain.inventory import KnownInventory

_KNOWN = """
SELECT held.inventory_id::text, held.fact,
    (SELECT newer.inventory_id::text FROM inventory AS newer
     WHERE newer.supersedes = held.inventory_id ORDER BY newer.version DESC LIMIT 1) AS superseded_by
FROM inventory AS held WHERE held.factory_id = $1 AND held.organisation_id = $2
"""


async def learn(connection: Connection, fact: InventoryClosed) -> None:
    """Takes a closed version over; the same fact twice changes nothing."""
    await connection.execute(
        "INSERT INTO inventory (inventory_id, organisation_id, factory_id, version, supersedes, fact)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (inventory_id) DO NOTHING",
        fact.inventory_id,
        fact.organisation_id,
        fact.factory_id,
        fact.version,
        fact.supersedes,
        fact.data(),
    )


async def of_factory(
    connection: Connection, organisation_id: str, factory_id: str
) -> dict[str, KnownInventory]:
    """All closed versions of a factory, by id."""
    rows = await connection.fetch(_KNOWN, factory_id, organisation_id)
    return {
        row["inventory_id"]: KnownInventory(
            InventoryClosed.model_validate_json(row["fact"]), row["superseded_by"]
        )
        for row in rows
    }


async def known(
    connection: Connection, organisation_id: str, factory_id: str, inventory_id: str
) -> KnownInventory:
    """One closed version.

    Raises:
        NotFound: the factory has no such version, or it was not told yet.
    """
    rows = await connection.fetch(
        f"{_KNOWN} AND held.inventory_id = $3", factory_id, organisation_id, inventory_id
    )
    if not rows:
        raise NotFound("inventory", inventory_id)
    return KnownInventory(InventoryClosed.model_validate_json(rows[0]["fact"]), rows[0]["superseded_by"])


async def learn_factor(connection: Connection, fact: FactorApproved, approved_at: datetime) -> None:
    """Takes an organisation's own factor over, with the business time of its approval."""
    await connection.execute(
        "INSERT INTO own_factor (organisation_id, factor, version, approved_at, fact)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation_id, factor, version) DO NOTHING",
        fact.organisation_id,
        fact.factor,
        fact.version,
        approved_at,
        fact.data(),
    )


async def own_factors(
    connection: Connection, organisation_id: str, closed_at: datetime
) -> Sequence[FactorApproved]:
    """The organisation's own factors that a close could choose from, by name and version."""
    rows = await connection.fetch(
        "SELECT fact FROM own_factor WHERE organisation_id = $1 AND approved_at <= $2"
        " ORDER BY factor, version",
        organisation_id,
        closed_at,
    )
    return [FactorApproved.model_validate_json(row["fact"]) for row in rows]
