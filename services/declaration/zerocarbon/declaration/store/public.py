"""What the public reads: one snapshot a version of a statement, and whether it stands."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zerocarbon.common.postgres.session import Connection


@dataclass(frozen=True, slots=True)
class PublicStatement:
    """A published snapshot, without personal data. `credential` is the signed form, as compact JWS."""

    statement_id: str
    version: int
    organisation_id: str
    factory_id: str
    snapshot: dict[str, Any]
    credential: str
    suspended_reason: str | None = None
    suspended_at: datetime | None = None

    @property
    def status(self) -> str:
        """`issued` or `suspended`."""
        return "issued" if self.suspended_at is None else "suspended"


async def publish(connection: Connection, statement: PublicStatement) -> None:
    """Publishes a version; part of the transaction that issues it."""
    await connection.execute(
        "INSERT INTO public_statement (statement_id, version, organisation_id, factory_id, snapshot,"
        " credential) VALUES ($1, $2, $3, $4, $5, $6)",
        statement.statement_id,
        statement.version,
        statement.organisation_id,
        statement.factory_id,
        json.dumps(statement.snapshot, ensure_ascii=False),
        statement.credential,
    )


async def suspend(
    connection: Connection, organisation_id: str, statement_id: str, reason: str, at: datetime
) -> None:
    """Says of all versions that they do not stand; part of the transaction that suspends."""
    await connection.execute(
        "UPDATE public_statement SET suspended_reason = $3, suspended_at = $4"
        " WHERE statement_id = $1 AND organisation_id = $2 AND suspended_at IS NULL",
        statement_id,
        organisation_id,
        reason,
        at,
    )


async def latest(connection: Connection, statement_id: str) -> PublicStatement | None:
    """The newest version of a statement of any organisation that the session may see."""
    row = await connection.fetchrow(
        "SELECT statement_id::text, version, organisation_id::text, factory_id::text, snapshot, credential,"
        " suspended_reason, suspended_at FROM public_statement WHERE statement_id = $1"
        " ORDER BY version DESC LIMIT 1",
        statement_id,
    )
    if row is None:
        return None
    return PublicStatement(**{**dict(row), "snapshot": json.loads(row["snapshot"])})
