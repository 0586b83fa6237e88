"""Row-level security by organisation: a query that forgets the tenant finds nothing."""

from __future__ import annotations

from zerocarbon.common.postgres.roles import RoleNames

SETTING = "zerocarbon.organisations"
"""The organisations that a transaction may see: ids joined by commas, set for the transaction only."""

VISIBLE_ORGANISATIONS = f"(SELECT string_to_array(current_setting('{SETTING}', true), ',')::uuid[])::uuid[]"
"""SQL for use in `= ANY (…)`. Unset gives NULL, set back after a transaction gives no element: both match
no row. In a subselect it is evaluated once a query instead of once a row."""


def enable_tenancy(table: str, service: str, column: str = "organisation_id") -> list[str]:
    """The statements that put a table under row-level security; for a migration.

    Requests see and write rows of the organisations of their transaction. Workers see all: they bypass
    row-level security anyway where COPY is used, and the policy lets them work where they do not bypass.
    The owner is held too (FORCE), so that no function of his opens a way round; a migration that has to
    change rows takes FORCE off and puts it back in its transaction. References are still checked over all
    rows.
    """
    roles = RoleNames.of(service)
    mine = f"{column} = ANY ({VISIBLE_ORGANISATIONS})"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_of_organisation ON {table} TO {roles.request}"
        f" USING ({mine}) WITH CHECK ({mine})",
        f"CREATE POLICY {table}_of_worker ON {table} TO {roles.worker} USING (true) WITH CHECK (true)",
    ]
