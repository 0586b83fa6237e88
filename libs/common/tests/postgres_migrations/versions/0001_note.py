"""One table with tenants, for the tests of roles and migrations."""

from __future__ import annotations

from alembic import op

from zerocarbon.common.postgres.migrate import execute
from zerocarbon.common.postgres.rights import grant
from zerocarbon.common.postgres.tenancy import enable_tenancy

revision = "0001"
down_revision = None


def upgrade() -> None:
    """A note of an organisation."""
    execute(
        op.get_bind(),
        [
            "CREATE TABLE note (organisation_id uuid NOT NULL, body text NOT NULL);"
            " CREATE INDEX note_organisation ON note (organisation_id)",
            *grant("trial", "note", "SELECT, INSERT, UPDATE", "SELECT, INSERT"),
            *enable_tenancy("note", "trial"),
        ],
    )
