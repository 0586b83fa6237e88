"""DDL as single statements, for drivers that take one statement at a time."""

from __future__ import annotations

ORGANISATIONS = "string_to_array(current_setting('zerocarbon.organisations', true), ',')"
"""The organisations that a request acts in; unset, it is NULL and nothing is visible."""


def paragraphs(script: str) -> list[str]:
    """The statements of a script that keeps each statement in a paragraph of its own."""
    return [part.strip().rstrip(";") for part in script.split("\n\n") if part.strip()]


def tenancy(
    service: str, table: str, column: str = "organisation_id", *, null_allowed: bool = False
) -> list[str]:
    """Row-level security of a table: requests see their organisations' rows, workers see all.
    `null_allowed` lets requests write rows that belong to no organisation.
    """
    mine = f"{column}::text = ANY ({ORGANISATIONS})"
    check = f"{column} IS NULL OR {mine}" if null_allowed else mine
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY {table}_of_organisation ON {table} TO {service}_request"
        f" USING ({mine}) WITH CHECK ({check})",
        f"CREATE POLICY {table}_of_worker ON {table} TO {service}_worker USING (true) WITH CHECK (true)",
    ]


def rights(service: str, tables: str, request: str, worker: str) -> list[str]:
    """Grants on tables to both roles of a service, as lists of privileges."""
    return [
        f"GRANT {request} ON {tables} TO {service}_request",
        f"GRANT {worker} ON {tables} TO {service}_worker",
    ]
