"""The tables that commands need beside the event store, for a service's first migration."""

from __future__ import annotations

_TABLES = """
CREATE TABLE idempotency (
    organisation_id uuid NOT NULL,
    principal_id uuid NOT NULL,
    key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
    fingerprint text NOT NULL,
    status int NOT NULL,
    answer bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (organisation_id, principal_id, key)
);

CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    organisation_id uuid NOT NULL,
    principal_id uuid NOT NULL,
    action text NOT NULL,
    outcome text NOT NULL,
    detail jsonb NOT NULL
);

CREATE TABLE business_clock (
    only boolean PRIMARY KEY DEFAULT true CHECK (only),
    instant timestamptz NOT NULL
);
"""


def statements(service: str) -> list[str]:
    """Tables, rights and tenancy of the command side of `service`."""
    request, worker = f"{service}_request", f"{service}_worker"
    visible = "organisation_id::text = ANY (string_to_array(current_setting('zerocarbon.organisations', true), ','))"
    result = [_TABLES]
    for table in ("idempotency", "audit"):
        result += [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY {table}_of_organisation ON {table} TO {request} USING ({visible})"
            f" WITH CHECK ({visible})",
            f"CREATE POLICY {table}_of_worker ON {table} TO {worker} USING (true) WITH CHECK (true)",
        ]
    result += [
        f"GRANT SELECT, INSERT ON idempotency, audit TO {request}, {worker}",
        f"GRANT DELETE ON idempotency TO {worker}",
        f"GRANT SELECT ON business_clock TO {request}, {worker}",
        f"GRANT INSERT, UPDATE ON business_clock TO {worker}",
    ]
    return result
