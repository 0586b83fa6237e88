"""Keys and grants, as each service keeps them: `ingest` from its own commands, the others from the topic."""

from __future__ import annotations

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
    """Tables and rights. Identity is asked for before an organisation is known, so only workers read it;
    the service that issues keys writes them under the request role, with the organisation in the row."""
    request, worker = f"{service}_request", f"{service}_worker"
    visible = "organisation_id::text = ANY (string_to_array(current_setting('zerocarbon.organisations', true), ','))"
    result = [_TABLES]
    for table in ("api_key", "access_grant"):
        result += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY {table}_of_organisation ON {table} TO {request} USING ({visible})"
            f" WITH CHECK ({visible})",
            f"CREATE POLICY {table}_of_worker ON {table} TO {worker} USING (true) WITH CHECK (true)",
            f"GRANT SELECT, INSERT, UPDATE ON {table} TO {request}, {worker}",
        ]
    return result
