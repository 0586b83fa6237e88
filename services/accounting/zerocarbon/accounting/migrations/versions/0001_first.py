"""Event store, commands, identity, consumers; what is read from others, sums, inventories and own factors."""

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

REFERENCE = """
CREATE TABLE organisation (
    organisation_id uuid PRIMARY KEY,
    name_en text NOT NULL,
    name_zh text NOT NULL
);

CREATE TABLE factory (
    factory_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    code text NOT NULL,
    name_en text NOT NULL,
    name_zh text NOT NULL,
    time_zone text NOT NULL,
    country text NOT NULL,
    grid_region text NOT NULL,
    state text NOT NULL,
    bucket_seconds int NOT NULL CHECK (bucket_seconds IN (900, 3600))
);

CREATE TABLE source (
    source_id uuid PRIMARY KEY,
    factory_id uuid NOT NULL REFERENCES factory,
    organisation_id uuid NOT NULL,
    code text NOT NULL,
    name_en text NOT NULL,
    name_zh text NOT NULL,
    kind text NOT NULL,
    substance text NOT NULL,
    unit text NOT NULL,
    scope3_category int CHECK (scope3_category BETWEEN 1 AND 15),
    attributes jsonb NOT NULL,
    UNIQUE (factory_id, code)
);

CREATE TABLE meter (
    meter_id uuid PRIMARY KEY,
    factory_id uuid NOT NULL REFERENCES factory,
    organisation_id uuid NOT NULL,
    source_id uuid NOT NULL REFERENCES source,
    code text NOT NULL,
    unit text NOT NULL,
    interval_seconds int NOT NULL CHECK (interval_seconds > 0),
    UNIQUE (factory_id, code)
);

CREATE TABLE retirement (
    retirement_id uuid NOT NULL,
    block_id uuid NOT NULL,
    low bigint NOT NULL,
    high bigint NOT NULL CHECK (high > low),
    organisation_id uuid NOT NULL,
    factory_id uuid NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    withdrawn boolean NOT NULL DEFAULT false,
    fact jsonb NOT NULL,
    PRIMARY KEY (retirement_id, block_id, low)
);
CREATE INDEX retirement_of_factory ON retirement (factory_id, period_start);
CREATE INDEX retirement_of_block ON retirement (block_id);
"""

# What each flush of the activity fold adds. The sum of a bucket is the sum of its rows; times are UTC epoch
# seconds and the recorded day is a number of UTC days, because COPY reads integers fastest.
SUMS = """
CREATE TABLE sum_delta (
    source_id uuid NOT NULL,
    unit text NOT NULL,
    bucket_start bigint NOT NULL,
    bucket_end bigint NOT NULL,
    quantity numeric NOT NULL,
    recorded_day int NOT NULL
) WITH (autovacuum_vacuum_insert_scale_factor = 0.5);
CREATE INDEX sum_delta_bucket ON sum_delta (source_id, bucket_start);
CREATE INDEX sum_delta_coarse ON sum_delta (source_id, bucket_start) WHERE bucket_end - bucket_start > 3600;
"""

OWN = """
CREATE TABLE inventory_version (
    inventory_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    factory_id uuid NOT NULL,
    profile text NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    version int NOT NULL CHECK (version > 0),
    supersedes uuid,
    closed jsonb,
    CONSTRAINT inventory_version_number UNIQUE (factory_id, profile, period_start, period_end, version)
);

CREATE TABLE own_factor (
    organisation_id uuid NOT NULL,
    factor text NOT NULL,
    version int NOT NULL CHECK (version > 0),
    fact jsonb NOT NULL,
    approver_id uuid,
    PRIMARY KEY (organisation_id, factor, version)
);
"""

READ = ("organisation", "factory", "source", "meter", "retirement")
WRITTEN = ("inventory_version", "own_factor")


def upgrade() -> None:
    service = "accounting"
    execute(
        op.get_bind(),
        [
            *service_schema.statements(service),
            REFERENCE,
            SUMS,
            OWN,
            *grant(service, ", ".join(READ), "SELECT", "SELECT, INSERT, UPDATE"),
            *grant(service, ", ".join(WRITTEN), "SELECT, INSERT, UPDATE", "SELECT"),
            *grant(service, "sum_delta", "SELECT", "SELECT, INSERT, DELETE"),
            *(line for table in (*READ, *WRITTEN) for line in enable_tenancy(table, service)),
            *_tenancy_of_sums(service),
        ],
    )


def _tenancy_of_sums(service: str) -> list[str]:
    visible = "USING (source_id IN (SELECT source_id FROM source))"
    # Activity names its source only, and may come before the source is known: a request sees the sums of the
    # sources that it sees.
    return [
        "ALTER TABLE sum_delta ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE sum_delta FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY sum_delta_of_visible_source ON sum_delta FOR SELECT TO {service}_request {visible}",
        f"CREATE POLICY sum_delta_of_worker ON sum_delta TO {service}_worker USING (true) WITH CHECK (true)",
    ]
