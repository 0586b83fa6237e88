"""Whom an organisation let in as verifier."""

from __future__ import annotations

from datetime import datetime

from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.base import Period


async def granted(
    connection: Connection,
    organisation_id: str,
    grantee_id: str,
    factory_id: str,
    period: Period,
    at: datetime,
) -> bool:
    """Whether a live grant covers the factory and the whole period."""
    return bool(
        await connection.fetchval(
            "SELECT EXISTS (SELECT FROM access_grant WHERE organisation_id = $1 AND grantee_id = $2"
            " AND role = 'verifier' AND NOT revoked AND until > $6"
            " AND (factory_id IS NULL OR factory_id = $3)"
            " AND (period_start IS NULL OR period_start <= $4)"
            " AND (period_end IS NULL OR period_end >= $5))",
            organisation_id,
            grantee_id,
            factory_id,
            period.start,
            period.end,
            at,
        )
    )
