"""Blocks as decisions need them: their facts, and those of their tiles that are touched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import asyncpg

from zerocarbon.certificates.domain.block import Block
from zerocarbon.certificates.domain.claim import Claim
from zerocarbon.certificates.domain.holding import Holding, Reservation
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.domain.vintage import Vintage
from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.certificate import Project

FACTS = (
    "block.block_id::text, block.scheme, block.registry, block.serial, block.low, block.high, block.unit,"
    " block.project::text, block.vintage_start, block.vintage_end, block.issued_on, block.expires_on"
)
TILES = (
    "SELECT held.block_id::text, held.low, held.high, held.organisation_id::text, held.state,"
    " held.transfers, held.correlation_id::text, held.reservation_id::text, held.expires_at, held.submitted,"
    " held.retirement_id::text, request.factory_id::text, request.purpose, request.period_start,"
    " request.period_end FROM holding AS held LEFT JOIN retirement_request AS request USING (correlation_id)"
)


async def with_ranges(connection: Connection, ranges: Iterable[tuple[str, SerialRange]]) -> dict[str, Block]:
    """Blocks by id, each with the visible tiles that share a unit with one of its ranges.

    Under the request role other organisations' tiles are not there, and blocks without a tile of one's own
    neither.
    """
    wanted = list(ranges)
    rows = await connection.fetch(
        f"{TILES} WHERE EXISTS (SELECT FROM unnest($1::uuid[], $2::bigint[], $3::bigint[])"
        " AS given (block_id, low, high) WHERE held.block_id = given.block_id"
        " AND held.high > given.low AND held.low < given.high)"
        " AND held.block_id = ANY ($1) ORDER BY held.block_id, held.low",
        [block_id for block_id, _ in wanted],
        [range_.low for _, range_ in wanted],
        [range_.high for _, range_ in wanted],
    )
    return await _assembled(connection, sorted({block_id for block_id, _ in wanted}), rows)


async def reserved_for(connection: Connection, correlation_id: str) -> dict[str, Block]:
    """Blocks by id, each with the tiles that a request has reserved."""
    rows = await connection.fetch(
        f"{TILES} WHERE held.correlation_id = $1 ORDER BY held.block_id, held.low", correlation_id
    )
    return await _assembled(connection, sorted({row["block_id"] for row in rows}), rows)


async def whole(connection: Connection, block_id: str) -> Block | None:
    """A block with all its visible tiles."""
    rows = await connection.fetch(f"{TILES} WHERE held.block_id = $1 ORDER BY held.low", block_id)
    return (await _assembled(connection, [block_id], rows)).get(block_id)


async def containing(connection: Connection, registry: str, serial: str, range_: SerialRange) -> str | None:
    """The block that holds all these numbers."""
    found: str | None = await connection.fetchval(
        "SELECT block_id::text FROM block WHERE numbers @> serial_numbers("
        "ROW($1::text, $2::text, $3::bigint)::serial_number, ROW($1, $2, $4::bigint)::serial_number)",
        registry,
        serial,
        range_.low,
        range_.high,
    )
    return found


async def overlapping(connection: Connection, registry: str, serial: str, range_: SerialRange) -> list[str]:
    """The blocks that share a number with these."""
    rows = await connection.fetch(
        "SELECT block_id::text FROM block WHERE numbers && serial_numbers("
        "ROW($1::text, $2::text, $3::bigint)::serial_number, ROW($1, $2, $4::bigint)::serial_number)",
        registry,
        serial,
        range_.low,
        range_.high,
    )
    return [row["block_id"] for row in rows]


async def of_project(connection: Connection, project_code: str) -> list[Block]:
    """The blocks of a plant or project with units whose issue stands, used or not, without their tiles."""
    rows = await connection.fetch(
        f"SELECT {FACTS} FROM block WHERE project ->> 'code' = $1"  # noqa: S608 - a text of this file
        " AND EXISTS (SELECT FROM holding AS held"
        " WHERE held.block_id = block.block_id AND held.state <> 'cancelled')",
        project_code,
    )
    return [block_of(row, ()) for row in rows]


async def _assembled(
    connection: Connection, block_ids: Sequence[str], tiles: Sequence[asyncpg.Record]
) -> dict[str, Block]:
    facts = await connection.fetch(
        f"SELECT {FACTS} FROM block WHERE block_id = ANY ($1)",  # noqa: S608 - a text of this file
        block_ids,
    )
    of_block: dict[str, list[Holding]] = {}
    for tile in tiles:
        of_block.setdefault(tile["block_id"], []).append(holding_of(tile))
    return {row["block_id"]: block_of(row, of_block.get(row["block_id"], [])) for row in facts}


def block_of(row: asyncpg.Record, tiles: Sequence[Holding]) -> Block:
    """A block from its row."""
    return Block(
        row["block_id"],
        row["scheme"],
        row["registry"],
        row["serial"],
        SerialRange(row["low"], row["high"]),
        row["unit"],
        Project.model_validate(json.loads(row["project"])),
        Vintage(row["vintage_start"], row["vintage_end"]),
        row["issued_on"],
        tuple(tiles),
    )


def holding_of(row: asyncpg.Record) -> Holding:
    """A tile from its row."""
    reservation = None
    if row["correlation_id"] is not None:
        claim = Claim(row["factory_id"], row["purpose"], row["period_start"], row["period_end"])
        reservation = Reservation(
            row["reservation_id"], row["correlation_id"], claim, row["expires_at"], row["submitted"]
        )
    return Holding(
        SerialRange(row["low"], row["high"]),
        row["organisation_id"],
        row["state"],
        row["transfers"],
        reservation,
        row["retirement_id"],
    )
