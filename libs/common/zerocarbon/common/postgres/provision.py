"""Makes a service's roles and database, from a login that may."""

from __future__ import annotations

from collections.abc import Callable

import asyncpg

from zerocarbon.common.postgres.role_passwords import RolePasswords
from zerocarbon.common.postgres.roles import (
    RoleNames,
    allow_login,
    bypass_row_security,
    create_role,
    database_access,
    schema_access,
)

_LOCK_OF_ROLES = 0x7A65726F726F6C65  # any number that nobody else locks by


async def provision_service(
    superuser_dsn: Callable[[str], str], service: str, database: str, passwords: RolePasswords
) -> None:
    """Roles that log in and a database of their own; safe to repeat. For the embedded server.

    Args:
        superuser_dsn: gives the superuser's URL of a database.
    """
    roles = RoleNames.of(service)
    connection = await asyncpg.connect(superuser_dsn("postgres"))
    try:
        async with connection.transaction():
            for role in roles.all():
                await connection.execute(create_role(role))
            for statement in [*allow_login(passwords.verifiers()), bypass_row_security(roles.worker)]:
                await connection.execute(statement)
            for foreign in ("postgres", "template1"):
                await connection.execute(f"REVOKE ALL ON DATABASE {foreign} FROM PUBLIC")
        if not await connection.fetchval(
            "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", database
        ):
            await connection.execute(f'CREATE DATABASE "{database}" OWNER {roles.owner}')
        for statement in database_access(database, roles):
            await connection.execute(statement)
    finally:
        await connection.close()
    inside = await asyncpg.connect(superuser_dsn(database))
    try:
        for statement in schema_access(roles):
            await inside.execute(statement)
    finally:
        await inside.close()


async def prepare_external(bootstrap: str, service: str) -> None:
    """The roles of a service in a database that others run, reached by one login; safe to repeat.

    The login needs CREATEROLE and the database, or an operator has made the roles and granted them to it.
    BYPASSRLS is given to the worker where the login may give it; `Database` checks.

    Raises:
        asyncpg.InsufficientPrivilegeError: the login may not, and the operator has not.
    """
    roles = RoleNames.of(service)
    connection = await asyncpg.connect(bootstrap)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK_OF_ROLES)
            for role in roles.all():
                await connection.execute(create_role(role))
                if not await connection.fetchval("SELECT pg_has_role(current_user, $1, 'SET')", role):
                    await connection.execute(f"GRANT {role} TO CURRENT_USER")
            for statement in schema_access(roles):
                await connection.execute(statement)
        await _try_bypass(connection, roles.worker)
    finally:
        await connection.close()


async def _try_bypass(connection: asyncpg.Connection[asyncpg.Record], worker: str) -> None:
    bypasses = await connection.fetchval("SELECT rolbypassrls FROM pg_roles WHERE rolname = $1", worker)
    if not bypasses:
        try:
            await connection.execute(bypass_row_security(worker))
        except asyncpg.InsufficientPrivilegeError:
            return  # `Database` refuses to open workers without it and says what the operator has to do.
