"""What a service's two working roles may do with its tables."""

from __future__ import annotations

from zerocarbon.common.postgres.roles import RoleNames


def grant(service: str, on: str, request: str, worker: str) -> list[str]:
    """Grants privileges on tables (or on `SEQUENCE name`) to both roles; an empty text grants nothing."""
    roles = RoleNames.of(service)
    wanted = ((request, roles.request), (worker, roles.worker))
    return [f"GRANT {privileges} ON {on} TO {role}" for privileges, role in wanted if privileges]
