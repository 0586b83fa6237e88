"""Factories as this service knows them from the reference topic."""

from __future__ import annotations

from zerocarbon.certificates.domain.reserve import Beneficiary
from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.reference import FactoryRegistered


async def record(connection: Connection, fact: FactoryRegistered) -> None:
    """Takes over one factory; the same fact twice changes nothing."""
    await connection.execute(
        "INSERT INTO factory (factory_id, organisation_id, code, country) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (factory_id) DO NOTHING",
        fact.factory_id,
        fact.organisation_id,
        fact.code,
        fact.country,
    )


async def beneficiary(connection: Connection, organisation_id: str, factory_id: str) -> Beneficiary | None:
    """The factory of an organisation, or nothing."""
    row = await connection.fetchrow(
        "SELECT factory_id::text, country FROM factory WHERE factory_id = $1 AND organisation_id = $2",
        factory_id,
        organisation_id,
    )
    return Beneficiary(row["factory_id"], row["country"]) if row is not None else None
