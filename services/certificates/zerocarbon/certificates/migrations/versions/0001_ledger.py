"""Event store, commands, identity, consumers; and the ledger, whose constraints refuse double counting."""

from __future__ import annotations

from alembic import op

from zerocarbon.certificates.store.schema import generation, ledger, registry, tenant
from zerocarbon.common import service_schema
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
            *service_schema.statements(service),
            *tenant.statements(service),
            *generation.statements(service),
            *ledger.statements(service),
            *registry.statements(service),
        ],
    )
