"""Keys and grants as this service knows them."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.reference import ApiKeyIssued, ApiKeyRevoked, GrantIssued, GrantRevoked

IdentityFact = ApiKeyIssued | ApiKeyRevoked | GrantIssued | GrantRevoked


async def record(connection: Connection, fact: IdentityFact) -> None:
    """Takes over one fact; the same fact twice changes nothing."""
    match fact:
        case ApiKeyIssued():
            await connection.execute(
                "INSERT INTO api_key (api_key_id, organisation_id, principal_id, roles, key_sha256,"
                " expires_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (api_key_id) DO NOTHING",
                fact.api_key_id,
                fact.organisation_id,
                fact.principal_id,
                list(fact.roles),
                fact.key_sha256,
                fact.expires_at,
            )
        case ApiKeyRevoked():
            await connection.execute(
                "UPDATE api_key SET revoked = true WHERE api_key_id = $1 AND organisation_id = $2",
                fact.api_key_id,
                fact.organisation_id,
            )
        case GrantIssued():
            await connection.execute(
                "INSERT INTO access_grant (grant_id, organisation_id, grantee_id, role, factory_id,"
                " period_start, period_end, until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                " ON CONFLICT (grant_id) DO NOTHING",
                fact.grant_id,
                fact.organisation_id,
                fact.grantee_id,
                fact.role,
                fact.factory_id,
                fact.period_start,
                fact.period_end,
                fact.until,
            )
        case GrantRevoked():
            await connection.execute(
                "UPDATE access_grant SET revoked = true WHERE grant_id = $1 AND organisation_id = $2",
                fact.grant_id,
                fact.organisation_id,
            )


class Grant(NamedTuple):
    """A live grant: one role, and the period `[start, end)` it is limited to; an open side has no limit."""

    role: str
    start: date | None
    end: date | None

    def covers(self, start: date, end: date) -> bool:
        """Whether a period lies within the grant's."""
        return (self.start is None or self.start <= start) and (self.end is None or end <= self.end)


async def grants_of(
    connection: Connection, grantee_id: str, organisation_id: str, factory_id: str | None, at: datetime
) -> list[Grant]:
    """What an organisation granted somebody, for one factory or for the organisation's whole."""
    rows = await connection.fetch(
        "SELECT role, period_start, period_end FROM access_grant"
        " WHERE grantee_id = $1 AND organisation_id = $2 AND NOT revoked"
        " AND until > $4 AND (factory_id IS NULL OR factory_id = $3)",
        grantee_id,
        organisation_id,
        factory_id,
        at,
    )
    return [Grant(row["role"], row["period_start"], row["period_end"]) for row in rows]
