"""Factories, sources and meters, as `ingest` registered them."""

from __future__ import annotations

import json
from dataclasses import dataclass

import asyncpg

from zerocarbon.common.consumer.processor import Unacceptable
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import NotFound
from zerocarbon.contracts.reference import (
    FactoryRegistered,
    MeterRegistered,
    OrganisationRegistered,
    SourceRegistered,
)
from zerocarbon.proof.facts import SOURCE_KINDS, Factory, Meter, Source
from zerocarbon.proof.period import bucket_seconds


@dataclass(frozen=True, slots=True)
class KnownFactory:
    """A factory with its sources by id and meters by id.

    Attributes:
        state: design, construction or operating.
        bucket_seconds: the finest bucket of its sums.
    """

    factory_id: str
    organisation_id: str
    facts: Factory
    state: str
    bucket_seconds: int
    sources: dict[str, Source]
    meters: dict[str, Meter]


async def record_organisation(connection: Connection, fact: OrganisationRegistered) -> None:
    """Takes an organisation over, for its name on documents."""
    await connection.execute(
        "INSERT INTO organisation (organisation_id, name_en, name_zh) VALUES ($1, $2, $3)"
        " ON CONFLICT (organisation_id) DO NOTHING",
        fact.organisation_id,
        fact.name_en,
        fact.name_zh,
    )


async def record_factory(connection: Connection, fact: FactoryRegistered) -> None:
    """Takes a factory over.

    Raises:
        Unacceptable: its time zone does not exist.
    """
    try:
        bucket = bucket_seconds(fact.time_zone)
    except (KeyError, ValueError) as unknown:
        raise Unacceptable(f"no time zone {fact.time_zone!r}") from unknown
    await connection.execute(
        "INSERT INTO factory (factory_id, organisation_id, code, name_en, name_zh, time_zone, country,"
        " grid_region, state, bucket_seconds) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        " ON CONFLICT (factory_id) DO NOTHING",
        fact.factory_id,
        fact.organisation_id,
        fact.code,
        fact.name_en,
        fact.name_zh,
        fact.time_zone,
        fact.country,
        fact.grid_region,
        fact.state,
        bucket,
    )


async def record_source(connection: Connection, fact: SourceRegistered) -> None:
    """Takes a source over; its organisation is that of its factory.

    Raises:
        Unacceptable: the factory is not known.
    """
    tag = await connection.execute(
        "INSERT INTO source (source_id, factory_id, organisation_id, code, name_en, name_zh, kind, substance,"
        " unit, scope3_category, attributes) SELECT $1, factory_id, organisation_id, $3, $4, $5, $6, $7, $8,"
        " $9, $10 FROM factory WHERE factory_id = $2"
        " ON CONFLICT (source_id) DO UPDATE SET code = source.code",
        fact.source_id,
        fact.factory_id,
        fact.code,
        fact.name_en,
        fact.name_zh,
        fact.kind,
        fact.substance,
        fact.unit,
        fact.scope3_category,
        json.dumps(fact.attributes, ensure_ascii=False),
    )
    _must_have_parent(tag, fact.factory_id)


async def record_meter(connection: Connection, fact: MeterRegistered) -> None:
    """Takes a meter over.

    Raises:
        Unacceptable: its source is not known in the factory.
    """
    tag = await connection.execute(
        "INSERT INTO meter (meter_id, factory_id, organisation_id, source_id, code, unit, interval_seconds)"
        " SELECT $1, factory_id, organisation_id, source_id, $4, $5, $6 FROM source"
        " WHERE factory_id = $2 AND source_id = $3 ON CONFLICT (meter_id) DO UPDATE SET code = meter.code",
        fact.meter_id,
        fact.factory_id,
        fact.source_id,
        fact.code,
        fact.unit,
        fact.interval_seconds,
    )
    _must_have_parent(tag, fact.source_id)


async def factory(connection: Connection, organisation_id: str, factory_id: str) -> KnownFactory:
    """A factory of an organisation.

    Raises:
        NotFound: the organisation has no such factory, as far as has been read.
    """
    row = await connection.fetchrow(
        "SELECT * FROM factory WHERE factory_id = $1 AND organisation_id = $2", factory_id, organisation_id
    )
    if row is None:
        raise NotFound("factory", factory_id)
    sources = await connection.fetch(
        "SELECT source_id::text, code, kind, substance, unit, scope3_category, attributes FROM source"
        " WHERE factory_id = $1 AND organisation_id = $2 ORDER BY code",
        factory_id,
        organisation_id,
    )
    meters = await connection.fetch(
        "SELECT meter.meter_id::text, meter.code, source.code AS source, meter.unit, meter.interval_seconds"
        " FROM meter JOIN source USING (source_id)"
        " WHERE meter.factory_id = $1 AND meter.organisation_id = $2 ORDER BY meter.code",
        factory_id,
        organisation_id,
    )
    return KnownFactory(
        factory_id=factory_id,
        organisation_id=organisation_id,
        facts=Factory(row["code"], row["time_zone"], row["country"], row["grid_region"]),
        state=row["state"],
        bucket_seconds=row["bucket_seconds"],
        sources={one["source_id"]: _source(one) for one in sources},
        meters={
            one["meter_id"]: Meter(one["code"], one["source"], one["unit"], one["interval_seconds"])
            for one in meters
        },
    )


def _source(row: asyncpg.Record) -> Source:
    return Source(
        code=row["code"],
        kind=SOURCE_KINDS[row["kind"]],
        substance=row["substance"],
        unit=row["unit"],
        scope3_category=row["scope3_category"],
        attributes=json.loads(row["attributes"]),
    )


def _must_have_parent(tag: str, parent_id: str) -> None:
    # A conflict with the same fact counts as one row, so none means that the parent is missing.
    if tag.endswith(" 0"):
        raise Unacceptable(f"{parent_id} is not known")
