"""Units that tenants typed in: no part of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.certificate import BlockEntered

Status = Literal["provisional", "confirmed", "disputed"]


@dataclass(frozen=True, slots=True)
class ProvisionalBlock:
    """Whose entry it is."""

    block_id: str
    organisation_id: str


async def add(connection: Connection, fact: BlockEntered, status: Status, entered_at: datetime) -> None:
    """Records an entry."""
    await connection.execute(
        "INSERT INTO provisional_block (block_id, organisation_id, scheme, registry, serial, low, high, unit,"
        " status, entered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        fact.block_id,
        fact.organisation_id,
        fact.scheme,
        fact.registry,
        fact.serial,
        fact.low,
        fact.high,
        fact.unit,
        status,
        entered_at,
    )


async def overlapping(
    connection: Connection, registry: str, serial: str, low: int, high: int
) -> list[ProvisionalBlock]:
    """Entries of any organisation that share a number with a range and still wait."""
    rows = await connection.fetch(
        "SELECT block_id::text, organisation_id::text FROM provisional_block"
        " WHERE registry = $1 AND serial = $2 AND low < $4 AND high > $3 AND status = 'provisional'"
        " ORDER BY block_id",
        registry,
        serial,
        low,
        high,
    )
    return [ProvisionalBlock(row["block_id"], row["organisation_id"]) for row in rows]


async def move(connection: Connection, block_id: str, status: Status) -> None:
    """Notes what became of an entry."""
    await connection.execute("UPDATE provisional_block SET status = $2 WHERE block_id = $1", block_id, status)


async def page(
    connection: Connection, organisation_id: str, after: str | None, limit: int
) -> list[dict[str, Any]]:
    """An organisation's entries in the order of their ids."""
    rows = await connection.fetch(
        "SELECT block_id::text, scheme, registry, serial, low, high, unit, status FROM provisional_block"
        " WHERE organisation_id = $1 AND ($2::uuid IS NULL OR block_id > $2) ORDER BY block_id LIMIT $3",
        organisation_id,
        after,
        limit,
    )
    return [dict(row) for row in rows]
