"""Event store, commands, identity, consumers, what other services told, persons, the public's snapshots."""

from __future__ import annotations

from alembic import op

from zerocarbon.common import service_schema
from zerocarbon.common.postgres.migrate import execute
from zerocarbon.common.postgres.rights import grant
from zerocarbon.common.postgres.tenancy import enable_tenancy

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TOLD = """
CREATE TABLE organisation (
    organisation_id uuid PRIMARY KEY,
    fact bytea NOT NULL
);

CREATE TABLE factory (
    factory_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    fact bytea NOT NULL
);

CREATE TABLE register (
    noun text NOT NULL CHECK (noun IN ('source', 'meter')),
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    factory_id uuid NOT NULL REFERENCES factory,
    code text NOT NULL,
    told_at timestamptz NOT NULL,
    fact bytea NOT NULL,
    PRIMARY KEY (noun, id)
);
CREATE INDEX register_of_factory ON register (factory_id, noun, code);

CREATE TABLE inventory (
    inventory_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    factory_id uuid NOT NULL,
    version int NOT NULL,
    supersedes uuid,
    fact bytea NOT NULL
);
CREATE INDEX inventory_of_factory ON inventory (factory_id);
CREATE INDEX inventory_superseding ON inventory (supersedes);

CREATE TABLE own_factor (
    organisation_id uuid NOT NULL,
    factor text NOT NULL,
    version int NOT NULL,
    approved_at timestamptz NOT NULL,
    fact bytea NOT NULL,
    PRIMARY KEY (organisation_id, factor, version)
);

CREATE TABLE retired_units (
    block_id uuid NOT NULL,
    low bigint NOT NULL,
    high bigint NOT NULL,
    organisation_id uuid NOT NULL,
    factory_id uuid NOT NULL,
    retirement_id uuid NOT NULL,
    correlation_id uuid NOT NULL,
    fact bytea NOT NULL,
    PRIMARY KEY (block_id, low)
);
CREATE INDEX retired_units_by_request ON retired_units (correlation_id);
CREATE INDEX retired_units_by_retirement ON retired_units (retirement_id);

CREATE TABLE withdrawn_units (
    block_id uuid NOT NULL,
    low bigint NOT NULL,
    high bigint NOT NULL,
    organisation_id uuid NOT NULL,
    reason text NOT NULL,
    PRIMARY KEY (block_id, low, high, organisation_id)
);

CREATE TABLE retirement_answer (
    correlation_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    fact bytea NOT NULL
);
"""

OWN = """
CREATE TABLE person (
    person_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    name text,
    title text,
    contact text,
    published boolean NOT NULL,
    erased_at timestamptz,
    CHECK (erased_at IS NULL OR (name IS NULL AND title IS NULL AND contact IS NULL))
);

CREATE TABLE particulars (
    factory_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    fields jsonb NOT NULL
);

CREATE TABLE public_statement (
    statement_id uuid NOT NULL,
    version int NOT NULL,
    organisation_id uuid NOT NULL,
    factory_id uuid NOT NULL,
    snapshot jsonb NOT NULL,
    credential text NOT NULL,
    suspended_reason text,
    suspended_at timestamptz,
    PRIMARY KEY (statement_id, version)
);
"""

TOLD_TABLES = (
    "organisation",
    "factory",
    "register",
    "inventory",
    "own_factor",
    "retired_units",
    "withdrawn_units",
    "retirement_answer",
)
OWN_TABLES = ("person", "particulars", "public_statement")


def upgrade() -> None:
    service = "declaration"
    told = ", ".join(TOLD_TABLES)
    execute(
        op.get_bind(),
        [
            *service_schema.statements(service),
            TOLD,
            OWN,
            # Reactions run as requests of one organisation and take over the fact that they react to.
            *grant(service, told, "SELECT, INSERT", "SELECT, INSERT, UPDATE, DELETE"),
            *grant(service, ", ".join(OWN_TABLES), "SELECT, INSERT, UPDATE", "SELECT"),
            *(line for table in (*TOLD_TABLES, *OWN_TABLES) for line in enable_tenancy(table, service)),
        ],
    )
