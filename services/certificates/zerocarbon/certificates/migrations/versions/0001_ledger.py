"""Event store, commands, identity, consumers; and the ledger, whose constraints refuse double counting."""

from __future__ import annotations

from alembic import op

from zerocarbon.certificates.store.schema import generation, ledger, registry, tenant
from zerocarbon.common.command import schema as command
from zerocarbon.common.consumer import schema as consumer
from zerocarbon.common.eventstore import schema as eventstore
from zerocarbon.common.identity import schema as identity
from zerocarbon.common.postgres.migrate import execute

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    service = "certificates"
    execute(
        op.get_bind(),
        [
            *eventstore.statements(service),
            *command.statements(service),
            *identity.statements(service),
            *consumer.statements(service),
            *tenant.statements(service),
            *generation.statements(service),
            *ledger.statements(service),
            *registry.statements(service),
        ],
    )
