"""A store that publishes, consumers, relays, and a small projection to fold into."""

from __future__ import annotations

from alembic import op

from zerocarbon.common.command import schema as command
from zerocarbon.common.consumer import schema as consumer
from zerocarbon.common.eventstore import schema as eventstore
from zerocarbon.common.postgres.migrate import execute
from zerocarbon.common.postgres.rights import grant
from zerocarbon.common.relay import schema as relay

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE sum_of (
    version text NOT NULL,
    subject text NOT NULL,
    count bigint NOT NULL,
    total numeric NOT NULL CHECK (total < 1000000),
    seen text NOT NULL,
    PRIMARY KEY (version, subject)
);
"""


def upgrade() -> None:
    service = "trial"
    execute(
        op.get_bind(),
        [
            *eventstore.statements(service),
            *command.statements(service),
            *consumer.statements(service),
            *relay.statements(service),
            TABLES,
            *grant(service, "sum_of", "SELECT", "SELECT, INSERT, UPDATE, DELETE"),
        ],
    )
