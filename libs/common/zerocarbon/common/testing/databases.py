"""Fresh databases for tests within milliseconds: copies of one that was migrated once."""

from __future__ import annotations

import hashlib
import uuid
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from zerocarbon.common.eventstore.identity import recognise
from zerocarbon.common.postgres.blocking import run_blocking
from zerocarbon.common.postgres.migrate import migrate, migrations_of
from zerocarbon.common.postgres.roles import RoleNames, database_access
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.common.testing.postgres_server import Server

_LOCK = 0x7A65726F74656D70  # any number that nobody else locks by
_COMMON = Path(__file__).parent.parent


class Databases:
    """Makes and drops databases on a server. Not asynchronous: fixtures of any scope can use it."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def create(self, service: str, migrations: Path | None = None, *, migrated: bool = True) -> Urls:
        """A new database.

        Args:
            service: prefix of the roles.
            migrations: by default those of the package `zerocarbon.<service>`.
            migrated: False gives one without tables.
        """
        if migrated:
            directory = migrations if migrations is not None else migrations_of(service)
            template = f"tmpl_{service}_{_digest(_COMMON, directory)}"
        else:
            directory, template = None, f"tmpl_{service}"
        name = f"test_{service}_{uuid.uuid4().hex[:12]}"
        run_blocking(self._create(service, directory, template, name))
        return self._server.urls(service, name)

    def drop(self, urls: Urls) -> None:
        """Removes a database, whoever is connected."""
        run_blocking(self._drop(urlsplit(urls.owner).path.removeprefix("/")))

    async def _create(self, service: str, migrations: Path | None, template: str, name: str) -> None:
        connection = await asyncpg.connect(self._server.administrator)
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
            if not await _exists(connection, template):
                unfinished = f"{template}_{uuid.uuid4().hex[:8]}"
                self._server.provision(service, unfinished)
                if migrations is not None:
                    await migrate(self._server.urls(service, unfinished), service, migrations)
                await connection.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{template}"')
            await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
            for statement in database_access(name, RoleNames.of(service)):
                await connection.execute(statement)
        finally:
            await connection.close()
        if migrations is not None:
            # Migrations that a test makes up need not have a store.
            with suppress(asyncpg.UndefinedTableError):
                await recognise(self._server.urls(service, name))

    async def _drop(self, name: str) -> None:
        connection = await asyncpg.connect(self._server.administrator)
        try:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        finally:
            await connection.close()


async def _exists(connection: asyncpg.Connection[asyncpg.Record], name: str) -> bool:
    return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name))


def _digest(*directories: Path) -> str:
    """Of all that can shape a migrated database, so that no run takes the template of other code."""
    digest = hashlib.sha256()
    for directory in directories:
        for path in sorted(directory.rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
