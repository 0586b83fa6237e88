"""Factors that organisations bring themselves, written in the transaction of their events."""

from __future__ import annotations

import json
from typing import Any

from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.inventory import FactorApproved, FactorSubmitted
from zerocarbon.proof.factors.approved import approved_factor
from zerocarbon.proof.factors.factor import Factor


async def submit(connection: Connection, fact: FactorSubmitted) -> None:
    """A version waits for approval."""
    await connection.execute(
        "INSERT INTO own_factor (organisation_id, factor, version, fact) VALUES ($1, $2, $3, $4)",
        fact.organisation_id,
        fact.factor,
        fact.version,
        fact.data().decode(),
    )


async def approve(connection: Connection, fact: FactorApproved) -> None:
    """A version acts."""
    await connection.execute(
        "UPDATE own_factor SET approver_id = $4, fact = $5"
        " WHERE organisation_id = $1 AND factor = $2 AND version = $3",
        fact.organisation_id,
        fact.factor,
        fact.version,
        fact.approver_id,
        fact.data().decode(),
    )


async def acting(connection: Connection, organisation_id: str) -> tuple[Factor, ...]:
    """The approved factors, by name and version."""
    rows = await connection.fetch(
        "SELECT fact FROM own_factor WHERE organisation_id = $1 AND approver_id IS NOT NULL"
        " ORDER BY factor, version",
        organisation_id,
    )
    return tuple(approved_factor(json.loads(row["fact"])) for row in rows)


async def listed(connection: Connection, organisation_id: str) -> list[dict[str, Any]]:
    """All versions as they were submitted or approved."""
    rows = await connection.fetch(
        "SELECT fact, approver_id FROM own_factor WHERE organisation_id = $1 ORDER BY factor, version",
        organisation_id,
    )
    return [
        {**json.loads(row["fact"]), "state": "submitted" if row["approver_id"] is None else "approved"}
        for row in rows
    ]
