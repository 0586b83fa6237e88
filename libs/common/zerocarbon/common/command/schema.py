"""The tables that commands need beside the event store, for a service's first migration."""

from __future__ import annotations

from zerocarbon.common.postgres.rights import grant
from zerocarbon.common.postgres.tenancy import enable_tenancy

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
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    instant timestamptz NOT NULL
);
"""


def statements(service: str) -> list[str]:
    """Tables, rights and tenancy of the command side of `service`."""
    return [
        _TABLES,
        *grant(service, "idempotency, audit", "SELECT, INSERT", "SELECT, INSERT"),
        *grant(service, "business_clock", "SELECT", "SELECT, INSERT, UPDATE"),
        *grant(service, "idempotency", "", "DELETE"),
        *enable_tenancy("idempotency", service),
        *enable_tenancy("audit", service),
    ]
