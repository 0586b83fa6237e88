"""What an organisation holds, for people and programs that look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg

from zerocarbon.common.postgres.session import Connection

_SHOWN = (
    "held.block_id::text, block.scheme, block.registry, block.serial, held.low, held.high,"
    " held.high - held.low AS quantity, held.unit, held.state, block.project ->> 'code' AS project,"
    " block.vintage_start, block.vintage_end, block.issued_on, block.expires_on,"
    " held.correlation_id::text, held.retirement_id::text"
)


async def page(
    connection: Connection,
    organisation_id: str,
    *,
    schemes: Sequence[str],
    states: Sequence[str],
    block_id: str | None,
    after: tuple[str, int] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Tiles in the order of block and number, after a tile."""
    rows = await connection.fetch(
        f"SELECT {_SHOWN} FROM holding AS held JOIN block USING (block_id)"  # noqa: S608
        " WHERE held.organisation_id = $1 AND (cardinality($2::text[]) = 0 OR block.scheme = ANY ($2))"
        " AND (cardinality($3::text[]) = 0 OR held.state = ANY ($3))"
        " AND ($4::uuid IS NULL OR held.block_id = $4)"
        " AND ($5::uuid IS NULL OR (held.block_id, held.low) > ($5, $6::bigint))"
        " ORDER BY held.block_id, held.low LIMIT $7",
        organisation_id,
        list(schemes),
        list(states),
        block_id,
        after[0] if after else None,
        after[1] if after else None,
        limit,
    )
    return [_plain(row) for row in rows]


async def summary(connection: Connection, organisation_id: str) -> list[dict[str, Any]]:
    """Units by scheme and state. Of whole blocks they add up to what was issued."""
    rows = await connection.fetch(
        "SELECT block.scheme, held.unit, held.state, sum(held.high - held.low)::bigint AS quantity"
        " FROM holding AS held JOIN block USING (block_id) WHERE held.organisation_id = $1"
        " GROUP BY block.scheme, held.unit, held.state ORDER BY block.scheme, held.state",
        organisation_id,
    )
    return [_plain(row) for row in rows]


async def blocks(
    connection: Connection, organisation_id: str, block_id: str | None, after: str | None, limit: int
) -> list[dict[str, Any]]:
    """Blocks in which the organisation has units, each with its units by state."""
    rows = await connection.fetch(
        "SELECT block.block_id::text, block.scheme, block.registry, block.serial, block.low, block.high,"
        " block.unit, block.project::text AS project, block.vintage_start, block.vintage_end,"
        " block.issued_on, block.expires_on, own.states::text AS states FROM block JOIN ("
        "SELECT block_id, jsonb_object_agg(state, units ORDER BY state) AS states FROM ("
        "SELECT block_id, state, sum(high - low) AS units FROM holding WHERE organisation_id = $1"
        " GROUP BY block_id, state) AS by_state GROUP BY block_id) AS own USING (block_id)"
        " WHERE ($2::uuid IS NULL OR block.block_id = $2) AND ($3::uuid IS NULL OR block.block_id > $3)"
        " ORDER BY block.block_id LIMIT $4",
        organisation_id,
        block_id,
        after,
        limit,
    )
    return [_plain(row) for row in rows]


def _plain(row: asyncpg.Record) -> dict[str, Any]:
    shown = {name: value for name, value in row.items() if value is not None}
    for name in ("vintage_start", "vintage_end", "issued_on", "expires_on"):
        if name in shown:
            shown[name] = shown[name].isoformat()
    return shown
