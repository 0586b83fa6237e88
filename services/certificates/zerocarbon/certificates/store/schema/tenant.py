"""Tables with one organisation in each row."""

from __future__ import annotations

from zerocarbon.common.postgres.rights import grant
from zerocarbon.common.postgres.tenancy import enable_tenancy

_TABLES = """
CREATE TABLE factory (
    factory_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    code text NOT NULL,
    country text NOT NULL
);

CREATE TABLE retirement_request (
    correlation_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    factory_id uuid NOT NULL,
    purpose text NOT NULL,
    unit text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    claim_id uuid,
    status text NOT NULL
        CHECK (status IN (
            'reserved', 'awaiting-registry', 'retired', 'partly-retired', 'released', 'refused')),
    reasons text[] NOT NULL DEFAULT '{}',
    asked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT retirement_request_period CHECK (period_start < period_end),
    CONSTRAINT retirement_request_unit_fits_purpose CHECK (
        (unit = 'MWh' AND purpose IN ('scope2-claim', 'quota'))
        OR (unit = 'tCO2e' AND purpose IN ('neutrality-claim', 'compliance'))),
    CONSTRAINT retirement_request_whose UNIQUE (correlation_id, organisation_id, unit)
);

CREATE INDEX retirement_request_of_organisation
    ON retirement_request (organisation_id, asked_at, correlation_id);

CREATE TABLE provisional_block (
    block_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    scheme text NOT NULL,
    registry text NOT NULL,
    serial text NOT NULL,
    low bigint NOT NULL,
    high bigint NOT NULL,
    unit text NOT NULL,
    status text NOT NULL CHECK (status IN ('provisional', 'confirmed', 'disputed')),
    entered_at timestamptz NOT NULL,
    CHECK (0 <= low AND low < high)
);

CREATE INDEX provisional_block_number ON provisional_block (registry, serial, low)
"""
"""`provisional_block` is what tenants typed in: it is no part of the ledger, blocks nobody and serves no
claim. Only a registry's confirmation enters `block`."""


def statements(service: str) -> list[str]:
    """Tables, rights and tenancy."""
    return [
        _TABLES,
        *grant(service, "factory", "SELECT", "SELECT, INSERT, UPDATE"),
        *grant(service, "retirement_request", "SELECT, INSERT, UPDATE", "SELECT, INSERT, UPDATE"),
        *grant(service, "provisional_block", "SELECT, INSERT", "SELECT, INSERT, UPDATE"),
        *(
            line
            for table in ("factory", "retirement_request", "provisional_block")
            for line in enable_tenancy(table, service)
        ),
    ]
