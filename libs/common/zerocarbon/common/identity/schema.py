"""Keys and grants, as each service keeps them: `ingest` from its own commands, the others from the topic."""

from __future__ import annotations

from zerocarbon.common.postgres.rights import grant
from zerocarbon.common.postgres.tenancy import enable_tenancy

_TABLES = """
CREATE TABLE api_key (
    api_key_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    principal_id uuid NOT NULL,
    roles text[] NOT NULL,
    key_sha256 text NOT NULL UNIQUE,
    expires_at timestamptz NOT NULL,
    revoked boolean NOT NULL DEFAULT false
);

CREATE TABLE access_grant (
    grant_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    grantee_id uuid NOT NULL,
    role text NOT NULL,
    factory_id uuid,
    period_start date,
    period_end date,
    until timestamptz NOT NULL,
    revoked boolean NOT NULL DEFAULT false
);

CREATE INDEX access_grant_of_grantee ON access_grant (grantee_id, organisation_id);
"""


def statements(service: str) -> list[str]:
    """Tables, rights and tenancy. Credentials are looked up before an organisation is known, by workers;
    the service that issues keys writes them under the request role, with the organisation in the row."""
    return [
        _TABLES,
        *grant(service, "api_key, access_grant", "SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE"),
        *enable_tenancy("api_key", service),
        *enable_tenancy("access_grant", service),
    ]
