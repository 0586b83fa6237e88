"""Registers as tables: organisations, factories, sources and meters."""

from __future__ import annotations

import json
from typing import Any

from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.reference import (
    FactoryRegistered,
    MeterRegistered,
    OrganisationRegistered,
    SourceRegistered,
)

Registered = OrganisationRegistered | FactoryRegistered | SourceRegistered | MeterRegistered


async def record(connection: Connection, organisation_id: str, fact: Registered) -> None:
    """Shows one registration."""
    noun, identity, parent = _placed(fact)
    await connection.execute(
        "INSERT INTO register (noun, id, organisation_id, parent_id, code, fact)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        noun,
        identity,
        organisation_id,
        parent,
        fact.code,
        fact.model_dump_json(exclude_none=True),
    )


async def listed(
    connection: Connection, organisation_id: str, noun: str, parent_id: str, after: str, limit: int
) -> list[dict[str, Any]]:
    """A page of registrations in the order of their codes, after a code."""
    rows = await connection.fetch(
        "SELECT fact FROM register WHERE organisation_id = $1 AND noun = $2 AND parent_id = $3 AND code > $4"
        " ORDER BY code LIMIT $5",
        organisation_id,
        noun,
        parent_id,
        after,
        limit,
    )
    return [_loads(row["fact"]) for row in rows]


def _placed(fact: Registered) -> tuple[str, str, str]:
    match fact:
        case OrganisationRegistered():
            return "organisation", fact.organisation_id, fact.organisation_id
        case FactoryRegistered():
            return "factory", fact.factory_id, fact.organisation_id
        case SourceRegistered():
            return "source", fact.source_id, fact.factory_id
        case MeterRegistered():
            return "meter", fact.meter_id, fact.factory_id


def _loads(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text)
    return read
