"""The generation register: what a plant's month holds, and who takes MWh from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import asyncpg

from zerocarbon.common.postgres.session import Connection


class GenerationExhausted(Exception):
    """More MWh would be claimed of a plant's month than it generated."""


@dataclass(frozen=True, slots=True)
class Taking:
    """MWh of one block, taken from its plant's month by the route of its registry."""

    claim_id: str
    plant: str
    month: date
    route: str
    mwh: int


async def take(connection: Connection, taking: Taking) -> None:
    """Takes MWh from the register.

    Where nobody has metered the month, the first registry that issues for it vouches for what it issues; a
    second registry adds nothing to what was generated.

    Raises:
        GenerationExhausted: the month does not hold that much; the transaction goes on as before.
    """
    try:
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO generation AS known (plant, month, basis, issued_by, registered_mwh)"
                " VALUES ($1, $2, 'issued', $3, $4) ON CONFLICT (plant, month) DO UPDATE"
                " SET registered_mwh = known.registered_mwh + excluded.registered_mwh"
                " WHERE known.basis = 'issued' AND known.issued_by = excluded.issued_by",
                taking.plant,
                taking.month,
                taking.route,
                taking.mwh,
            )
            await connection.execute(
                "INSERT INTO generation_claim (claim_id, plant, month, route, mwh)"
                " VALUES ($1, $2, $3, $4, $5)",
                taking.claim_id,
                taking.plant,
                taking.month,
                taking.route,
                taking.mwh,
            )
    except asyncpg.CheckViolationError as refused:
        if refused.constraint_name != "generation_claimed_once":
            raise
        raise GenerationExhausted(f"{taking.plant}, {taking.month:%Y-%m}") from refused


async def meter(
    connection: Connection, plant: str, month: date, mwh: Decimal, remainder_mwh: Decimal = Decimal(0)
) -> Decimal:
    """Registers what was metered; gives the shortfall, zero when all claims are covered.

    A correction below what is claimed cannot be refused: the difference becomes a shortfall, which blocks
    further claims of the month.
    """
    shortfall: Decimal = await connection.fetchval(
        "INSERT INTO generation AS known (plant, month, basis, registered_mwh, remainder_mwh)"
        " VALUES ($1, $2, 'metered', $3, $4) ON CONFLICT (plant, month) DO UPDATE"
        " SET basis = 'metered', issued_by = NULL, registered_mwh = excluded.registered_mwh,"
        " remainder_mwh = excluded.remainder_mwh, shortfall_mwh = greatest("
        "0, known.claimed_mwh - excluded.registered_mwh - excluded.remainder_mwh)"
        " RETURNING shortfall_mwh",
        plant,
        month,
        mwh,
        remainder_mwh,
    )
    return shortfall
