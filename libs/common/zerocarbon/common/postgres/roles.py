"""The three roles of a service, and the statements that make them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SERVICE = re.compile(r"[a-z][a-z0-9_]{0,39}")


@dataclass(frozen=True, slots=True)
class RoleNames:
    """Owner runs migrations, request is held by row-level security, worker bypasses it. None is superuser."""

    owner: str
    request: str
    worker: str

    @classmethod
    def of(cls, service: str) -> RoleNames:
        """The names for a service.

        Raises:
            ValueError: the name could not stand in SQL unquoted.
        """
        if not _SERVICE.fullmatch(service):
            raise ValueError(f"{service!r} is not a name of a service")
        return cls(f"{service}_owner", f"{service}_request", f"{service}_worker")

    def all(self) -> tuple[str, str, str]:
        """Owner, request, worker."""
        return self.owner, self.request, self.worker


def database_name(service: str) -> str:
    """The database of a service in the embedded server."""
    assert _SERVICE.fullmatch(service), f"{service!r} is not a name of a service"
    return f"zerocarbon_{service}"


def create_role(role: str) -> str:
    """Makes a role that can do nothing yet, unless it is there."""
    return (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN"
        f" CREATE ROLE {role} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT; END IF; END $$"
    )


def allow_login(verifiers: Mapping[str, str]) -> list[str]:
    """Gives roles their password, as SCRAM verifiers."""
    return [f"ALTER ROLE {role} LOGIN PASSWORD '{verifier}'" for role, verifier in verifiers.items()]


def bypass_row_security(role: str) -> str:
    """COPY FROM is refused under row-level security. Superusers and holders of BYPASSRLS may grant it."""
    return f"ALTER ROLE {role} BYPASSRLS"


def database_access(database: str, roles: RoleNames) -> list[str]:
    """Who may connect: the three roles, nobody else. Workers may use temporary tables (COPY, then merge)."""
    return [
        f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC',
        f'GRANT CONNECT ON DATABASE "{database}" TO {roles.owner}, {roles.request}, {roles.worker}',
        f'GRANT TEMPORARY ON DATABASE "{database}" TO {roles.worker}',
    ]


def schema_access(roles: RoleNames) -> list[str]:
    """Only the owner makes objects; run inside the service's database."""
    return [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE, CREATE ON SCHEMA public TO {roles.owner}",
        # Where a projection is rebuilt beside the live one; a login that may not make it can do without.
        "DO $$ BEGIN IF has_database_privilege(current_database(), 'CREATE') THEN"
        " CREATE SCHEMA IF NOT EXISTS rebuilding;"
        f" GRANT USAGE, CREATE ON SCHEMA rebuilding TO {roles.owner};"
        f" GRANT USAGE ON SCHEMA rebuilding TO {roles.worker}; END IF; END $$",
        f"GRANT USAGE ON SCHEMA public TO {roles.request}, {roles.worker}",
    ]
