"""Versions of inventories, written in the transaction of their events and read by routes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import asyncpg

from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import NotFound
from zerocarbon.contracts.inventory import InventoryClosed, InventoryOpened, RestatementProposed
from zerocarbon.proof.period import Period


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one period. `closed` is the published `inventory-closed`; nothing while it is open."""

    inventory_id: str
    factory_id: str
    profile: str
    period: Period
    version: int
    supersedes: str | None
    closed: dict[str, Any] | None

    @property
    def state(self) -> str:
        """`open` or `closed`."""
        return "open" if self.closed is None else "closed"


async def open_version(connection: Connection, fact: InventoryOpened) -> None:
    """The first version of a period is at work."""
    await connection.execute(
        "INSERT INTO inventory_version (inventory_id, organisation_id, factory_id, profile, period_start,"
        " period_end, version) VALUES ($1, $2, $3, $4, $5, $6, 1)",
        fact.inventory_id,
        fact.organisation_id,
        fact.factory_id,
        fact.profile,
        fact.period.start,
        fact.period.end,
    )


async def next_version(connection: Connection, fact: RestatementProposed) -> None:
    """A further version of the period of the superseded one is at work."""
    await connection.execute(
        "INSERT INTO inventory_version (inventory_id, organisation_id, factory_id, profile, period_start,"
        " period_end, version, supersedes) SELECT $1, organisation_id, factory_id, profile, period_start,"
        " period_end, $2, inventory_id FROM inventory_version WHERE inventory_id = $3",
        fact.inventory_id,
        fact.version,
        fact.supersedes,
    )


async def close_version(connection: Connection, fact: InventoryClosed) -> None:
    """The version is frozen."""
    tag = await connection.execute(
        "UPDATE inventory_version SET closed = $2 WHERE inventory_id = $1 AND closed IS NULL",
        fact.inventory_id,
        fact.data().decode(),
    )
    assert tag == "UPDATE 1", f"{fact.inventory_id} was open when its close was decided"


async def find(connection: Connection, organisation_id: str, factory_id: str, inventory_id: str) -> Version:
    """A version by its id.

    Raises:
        NotFound: the factory has no such inventory in this organisation.
    """
    row = await connection.fetchrow(
        "SELECT * FROM inventory_version"
        " WHERE inventory_id = $1 AND factory_id = $2 AND organisation_id = $3",
        inventory_id,
        factory_id,
        organisation_id,
    )
    if row is None:
        raise NotFound("inventory", inventory_id)
    return _version(row)


async def listed(connection: Connection, organisation_id: str, factory_id: str) -> list[Version]:
    """All versions of a factory, by profile, period and number."""
    rows = await connection.fetch(
        "SELECT * FROM inventory_version WHERE factory_id = $1 AND organisation_id = $2"
        " ORDER BY profile, period_start, version",
        factory_id,
        organisation_id,
    )
    return [_version(row) for row in rows]


def _version(row: asyncpg.Record) -> Version:
    return Version(
        inventory_id=str(row["inventory_id"]),
        factory_id=str(row["factory_id"]),
        profile=row["profile"],
        period=Period(row["period_start"], row["period_end"]),
        version=row["version"],
        supersedes=str(row["supersedes"]) if row["supersedes"] else None,
        closed=json.loads(row["closed"]) if row["closed"] else None,
    )
