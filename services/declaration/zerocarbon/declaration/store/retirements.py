"""Retired and withdrawn units, and answers to requests, as `certificates` told them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.certificate import RetirementAnswered, UnitsRetired, UnitsWithdrawn


@dataclass(frozen=True, slots=True)
class Touched:
    """A retirement that a withdrawal touches, and whose claim it served."""

    organisation_id: str
    factory_id: str
    retirement_id: str


async def learn_retired(connection: Connection, fact: UnitsRetired) -> None:
    """Takes a retired range over; the same fact twice changes nothing."""
    await connection.execute(
        "INSERT INTO retired_units (block_id, low, high, organisation_id, factory_id, retirement_id,"
        " correlation_id, fact) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        " ON CONFLICT (block_id, low) DO NOTHING",
        fact.block_id,
        fact.low,
        fact.high,
        fact.organisation_id,
        fact.beneficiary_factory_id,
        fact.retirement_id,
        fact.correlation_id,
        fact.data(),
    )


async def learn_withdrawn(connection: Connection, organisation_id: str, fact: UnitsWithdrawn) -> None:
    """Takes a withdrawal over, for the organisation whose claim it touches."""
    await connection.execute(
        "INSERT INTO withdrawn_units (block_id, low, high, organisation_id, reason)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (block_id, low, high, organisation_id) DO NOTHING",
        fact.block_id,
        fact.low,
        fact.high,
        organisation_id,
        fact.reason,
    )


async def learn_answer(connection: Connection, fact: RetirementAnswered) -> None:
    """Takes the latest answer to a request over."""
    await connection.execute(
        "INSERT INTO retirement_answer (correlation_id, organisation_id, fact) VALUES ($1, $2, $3)"
        " ON CONFLICT (correlation_id) DO UPDATE SET fact = excluded.fact",
        fact.correlation_id,
        fact.organisation_id,
        fact.data(),
    )


async def answers(
    connection: Connection, organisation_id: str, correlation_ids: Sequence[str]
) -> dict[str, RetirementAnswered]:
    """The answers to requests, by correlation id; those still open are absent."""
    rows = await connection.fetch(
        "SELECT fact FROM retirement_answer WHERE organisation_id = $1 AND correlation_id = ANY ($2::uuid[])",
        organisation_id,
        list(correlation_ids),
    )
    found = [RetirementAnswered.model_validate_json(row["fact"]) for row in rows]
    return {one.correlation_id: one for one in found}


async def standing(
    connection: Connection, organisation_id: str, correlation_ids: Sequence[str]
) -> list[UnitsRetired]:
    """What stands retired for requests, by block and number.

    A retirement of which the registry took any unit back does not count at all: it is replaced as a whole.
    """
    rows = await connection.fetch(
        "SELECT fact FROM retired_units AS held WHERE organisation_id = $1"
        " AND correlation_id = ANY ($2::uuid[]) AND NOT EXISTS ("
        "SELECT FROM retired_units AS part JOIN withdrawn_units AS gone ON gone.block_id = part.block_id"
        " AND gone.low < part.high AND gone.high > part.low"
        " WHERE part.retirement_id = held.retirement_id) ORDER BY block_id, low",
        organisation_id,
        list(correlation_ids),
    )
    return [UnitsRetired.model_validate_json(row["fact"]) for row in rows]


async def as_retired(
    connection: Connection, organisation_id: str, retirement_ids: Sequence[str]
) -> list[UnitsRetired]:
    """Retirements as they were made, withdrawn since or not: what a closed inventory or an issued statement
    rested on."""
    rows = await connection.fetch(
        "SELECT fact FROM retired_units WHERE organisation_id = $1 AND retirement_id = ANY ($2::uuid[])"
        " ORDER BY block_id, low",
        organisation_id,
        list(retirement_ids),
    )
    return [UnitsRetired.model_validate_json(row["fact"]) for row in rows]


async def any_withdrawn(connection: Connection, organisation_id: str, retirement_ids: Sequence[str]) -> bool:
    """Whether a registry took any unit of these retirements back."""
    return bool(
        await connection.fetchval(
            "SELECT EXISTS (SELECT FROM retired_units AS part JOIN withdrawn_units AS gone"
            " ON gone.block_id = part.block_id AND gone.low < part.high AND gone.high > part.low"
            " WHERE part.organisation_id = $1 AND part.retirement_id = ANY ($2::uuid[]))",
            organisation_id,
            list(retirement_ids),
        )
    )


async def touched_by(connection: Connection, fact: UnitsWithdrawn) -> list[Touched]:
    """The retirements that a withdrawal touches, whoever owns them; for workers."""
    rows = await connection.fetch(
        "SELECT DISTINCT organisation_id::text, factory_id::text, retirement_id::text FROM retired_units"
        " WHERE block_id = $1 AND low < $3 AND high > $2 ORDER BY 1, 2, 3",
        fact.block_id,
        fact.low,
        fact.high,
    )
    return [Touched(row[0], row[1], row[2]) for row in rows]
