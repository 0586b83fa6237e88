"""Certificates that were retired for a factory and period, in megawatt-hours."""

from __future__ import annotations

import json
from dataclasses import dataclass

from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.certificate import UnitsRetired, UnitsWithdrawn
from zerocarbon.proof.facts import Retirement
from zerocarbon.proof.period import Period
from zerocarbon.proof.retired import energy_retirement


@dataclass(frozen=True, slots=True)
class Retired:
    """The retirements of a factory and period, and the ids by which others know them."""

    retirement_ids: tuple[str, ...]
    facts: tuple[Retirement, ...]


async def record(connection: Connection, fact: UnitsRetired) -> None:
    """Takes a retirement over; the same fact twice changes nothing."""
    await connection.execute(
        "INSERT INTO retirement (retirement_id, block_id, low, high, organisation_id, factory_id,"
        " period_start, period_end, fact) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        " ON CONFLICT (retirement_id, block_id, low) DO NOTHING",
        fact.retirement_id,
        fact.block_id,
        fact.low,
        fact.high,
        fact.organisation_id,
        fact.beneficiary_factory_id,
        fact.period.start,
        fact.period.end,
        fact.model_dump_json(),
    )


async def withdraw(connection: Connection, fact: UnitsWithdrawn) -> None:
    """Retirements with any of these units carry no claim any more, whole: certificates do not split after."""
    await connection.execute(
        "UPDATE retirement SET withdrawn = true WHERE block_id = $1 AND low < $3 AND high > $2",
        fact.block_id,
        fact.low,
        fact.high,
    )


async def of_period(connection: Connection, organisation_id: str, factory_id: str, period: Period) -> Retired:
    """What stands for a factory and period."""
    rows = await connection.fetch(
        "SELECT retirement_id::text, fact FROM retirement WHERE organisation_id = $1 AND factory_id = $2"
        " AND period_start = $3 AND period_end = $4 AND NOT withdrawn"
        " ORDER BY retirement_id, block_id, low",
        organisation_id,
        factory_id,
        period.start,
        period.end,
    )
    return Retired(
        retirement_ids=tuple(sorted({row["retirement_id"] for row in rows})),
        facts=tuple(energy_retirement(json.loads(row["fact"])) for row in rows),
    )
