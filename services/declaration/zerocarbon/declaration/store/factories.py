"""Organisations, factories, sources and meters, as `ingest` told them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from zerocarbon.common.consumer.processor import Unacceptable
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import NotFound
from zerocarbon.contracts.reference import (
    FactoryRegistered,
    MeterRegistered,
    OrganisationRegistered,
    SourceRegistered,
)
from zerocarbon.declaration.domain.factory import KnownFactory


async def learn_organisation(connection: Connection, fact: OrganisationRegistered) -> None:
    """Takes an organisation over; the same fact twice changes nothing."""
    await connection.execute(
        "INSERT INTO organisation (organisation_id, fact) VALUES ($1, $2)"
        " ON CONFLICT (organisation_id) DO UPDATE SET fact = excluded.fact",
        fact.organisation_id,
        fact.data(),
    )


async def learn_factory(connection: Connection, fact: FactoryRegistered) -> None:
    """Takes a factory over; the same fact twice changes nothing."""
    await connection.execute(
        "INSERT INTO factory (factory_id, organisation_id, fact) VALUES ($1, $2, $3)"
        " ON CONFLICT (factory_id) DO UPDATE SET fact = excluded.fact",
        fact.factory_id,
        fact.organisation_id,
        fact.data(),
    )


async def learn_part(
    connection: Connection, fact: SourceRegistered | MeterRegistered, told_at: datetime
) -> None:
    """Takes a source or meter over, with the business time of its registration.

    Raises:
        Unacceptable: its factory was never told.
    """
    noun, identity = (
        ("source", fact.source_id) if isinstance(fact, SourceRegistered) else ("meter", fact.meter_id)
    )
    tag = await connection.execute(
        "INSERT INTO register (noun, id, organisation_id, factory_id, code, told_at, fact)"
        " SELECT $1, $2, organisation_id, factory_id, $4, $6, $5 FROM factory WHERE factory_id = $3"
        " ON CONFLICT (noun, id) DO UPDATE SET fact = excluded.fact, code = excluded.code",
        noun,
        identity,
        fact.factory_id,
        fact.code,
        fact.data(),
        told_at,
    )
    if tag == "INSERT 0 0":
        raise Unacceptable(f"{noun} {fact.code} belongs to factory {fact.factory_id}, which is not known")


async def known_factory(
    connection: Connection, organisation_id: str, factory_id: str, told_by: datetime | None = None
) -> KnownFactory:
    """The factory with its sources and meters, today's or those registered by an instant.

    Raises:
        NotFound: the organisation has no such factory.
    """
    fact = await connection.fetchval(
        "SELECT fact FROM factory WHERE factory_id = $1 AND organisation_id = $2", factory_id, organisation_id
    )
    if fact is None:
        raise NotFound("factory", factory_id)
    sources = await _parts(connection, factory_id, "source", told_by)
    meters = await _parts(connection, factory_id, "meter", told_by)
    return KnownFactory(
        FactoryRegistered.model_validate_json(fact),
        [SourceRegistered.model_validate_json(part) for part in sources],
        [MeterRegistered.model_validate_json(part) for part in meters],
    )


async def organisation(connection: Connection, organisation_id: str) -> OrganisationRegistered | None:
    """The organisation's names, once they were told."""
    fact = await connection.fetchval(
        "SELECT fact FROM organisation WHERE organisation_id = $1", organisation_id
    )
    return OrganisationRegistered.model_validate_json(fact) if fact is not None else None


async def _parts(
    connection: Connection, factory_id: str, noun: str, told_by: datetime | None
) -> Sequence[bytes]:
    rows = await connection.fetch(
        "SELECT fact FROM register WHERE factory_id = $1 AND noun = $2"
        " AND ($3::timestamptz IS NULL OR told_at <= $3) ORDER BY code",
        factory_id,
        noun,
        told_by,
    )
    return [row["fact"] for row in rows]
