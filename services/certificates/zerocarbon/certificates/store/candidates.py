"""Free units of an organisation, for a choice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zerocarbon.certificates.domain.block import Block
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.store.blocks import FACTS, block_of
from zerocarbon.common.postgres.session import Connection

AT_MOST = 10_000
"""Tiles looked at for one choice, oldest vintage first."""


async def free(
    connection: Connection,
    organisation_id: str,
    unit: str,
    schemes: Sequence[str],
    vintages: tuple[date, date] | None,
) -> list[tuple[Block, SerialRange, date | None]]:
    """Held tiles with the facts of their block and its last use, oldest vintage first.

    Of the given schemes only, unless none are given; of vintages within `[start, end)`, where these matter.
    """
    rows = await connection.fetch(
        f"SELECT {FACTS}, held.low AS free_low, held.high AS free_high"  # noqa: S608 - texts of this file
        " FROM holding AS held JOIN block USING (block_id)"
        " WHERE held.organisation_id = $1 AND held.state = 'held' AND held.unit = $2"
        " AND (cardinality($3::text[]) = 0 OR block.scheme = ANY ($3))"
        " AND ($4::date IS NULL OR (block.vintage_start >= $4 AND block.vintage_end <= $5))"
        " ORDER BY block.vintage_start, block.expires_on NULLS LAST, block.registry, block.serial, held.low"
        " LIMIT $6",
        organisation_id,
        unit,
        list(schemes),
        vintages[0] if vintages else None,
        vintages[1] if vintages else None,
        AT_MOST,
    )
    return [
        (block_of(row, ()), SerialRange(row["free_low"], row["free_high"]), row["expires_on"]) for row in rows
    ]
