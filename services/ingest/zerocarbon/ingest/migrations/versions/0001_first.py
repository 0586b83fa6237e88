"""Event store, commands, identity, relay, registers and readings."""

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

TABLES = """
CREATE TABLE register (
    noun text NOT NULL CHECK (noun IN ('organisation', 'factory', 'source', 'meter')),
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    parent_id uuid NOT NULL,
    code text NOT NULL,
    fact jsonb NOT NULL,
    PRIMARY KEY (noun, id),
    CONSTRAINT register_code UNIQUE (noun, parent_id, code)
);

CREATE TABLE reading (
    organisation_id uuid NOT NULL,
    meter_id uuid NOT NULL,
    start timestamptz NOT NULL,
    revision int NOT NULL CHECK (revision > 0),
    value numeric NOT NULL CHECK (value >= 0),
    CONSTRAINT reading_identity PRIMARY KEY (meter_id, start, revision)
);

CREATE TABLE activity_record (
    organisation_id uuid NOT NULL,
    factory_id uuid NOT NULL,
    source_id uuid NOT NULL,
    code text NOT NULL,
    CONSTRAINT activity_record_identity PRIMARY KEY (source_id, code)
);
"""


OWN = ("register", "reading", "activity_record")


def upgrade() -> None:
    service = "ingest"
    execute(
        op.get_bind(),
        [
            *service_schema.statements(service),
            TABLES,
            *grant(service, ", ".join(OWN), "SELECT, INSERT", "SELECT, INSERT"),
            *(line for table in OWN for line in enable_tenancy(table, service)),
        ],
    )
