"""Brings a service's tables up to date when it starts."""

from __future__ import annotations

import asyncio
import importlib.util
import time
from collections.abc import Iterable
from pathlib import Path

import asyncpg
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import await_only

from zerocarbon.common.postgres.provision import prepare_external
from zerocarbon.common.postgres.urls import Urls

_LOCK = 0x7A65726F6D696772  # any number that nobody else locks by
WAIT_SECONDS = 300
_VERSION_TABLE = "_schema_version"


class MigrationRefused(Exception):
    """The database is not one that this release of this service can bring up to date; the text says why."""


async def migrate(urls: Urls, service: str, migrations: Path | None = None) -> str:
    """Runs what is missing, as the owner, in one transaction, while no other process can.

    Args:
        urls: of the service's own database.
        service: names the version table.
        migrations: the directory with `versions/`; by default that of the package `zerocarbon.<service>`.

    Returns:
        The revision at which the database stands now.

    Raises:
        MigrationRefused: the database is ahead of this release, belongs to another service, or another
            process has been migrating for five minutes.
    """
    script = ScriptDirectory(str(migrations if migrations is not None else migrations_of(service)))
    lock = await asyncpg.connect(urls.bootstrap or urls.owner)
    try:
        await _wait_for_lock(lock, service)
        if urls.bootstrap is not None:
            await prepare_external(urls.bootstrap, service)
        engine = create_async_engine(
            "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(urls.owner), poolclass=NullPool
        )
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(_upgrade, script, service)
        finally:
            await engine.dispose()
    finally:
        await lock.close()


def migrations_of(service: str) -> Path:
    """The directory of a service's migrations, also where it is installed from a wheel."""
    spec = importlib.util.find_spec(f"zerocarbon.{service}")
    if spec is None or not spec.submodule_search_locations:
        raise MigrationRefused(f"there is no package zerocarbon.{service}")
    return Path(spec.submodule_search_locations[0]) / "migrations"


def execute(connection: Connection, statements: Iterable[str]) -> None:
    """For migrations: runs SQL as it stands, also several statements in one text, in the transaction.

    `op.execute` prepares its statement, and PostgreSQL prepares one at a time; it also reads `:name`.

    Args:
        connection: `op.get_bind()`.
    """
    connection.exec_driver_sql("SELECT 1")  # SQLAlchemy begins its transaction with its first statement.
    driver = connection.connection.driver_connection
    assert isinstance(driver, asyncpg.Connection)
    for statement in statements:
        await_only(driver.execute(statement))


async def _wait_for_lock(connection: asyncpg.Connection[asyncpg.Record], service: str) -> None:
    # Asked again and again, because a statement that waits would hold a snapshot open all the while.
    deadline = time.monotonic() + WAIT_SECONDS
    while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK):
        if time.monotonic() > deadline:
            raise MigrationRefused(f"another process has been migrating {service} for {WAIT_SECONDS} s")
        await asyncio.sleep(0.05)


def _upgrade(connection: Connection, script: ScriptDirectory, service: str) -> str:
    table = f"{service}{_VERSION_TABLE}"
    _refuse_other_service(connection, table)
    current = MigrationContext.configure(connection, opts={"version_table": table}).get_current_heads()
    _refuse_newer(service, current, script)
    connection.rollback()
    context = EnvironmentContext(
        Config(), script, fn=lambda revision, _context: script._upgrade_revs("head", revision)
    )
    with context:
        context.configure(connection=connection, version_table=table)
        with context.begin_transaction():
            context.run_migrations()
    connection.commit()
    return str(script.get_current_head())


def _refuse_other_service(connection: Connection, table: str) -> None:
    others = [name for name in inspect(connection).get_table_names() if name.endswith(_VERSION_TABLE)]
    for other in others:
        if other != table:
            owner = other.removesuffix(_VERSION_TABLE)
            raise MigrationRefused(
                f"this database belongs to the service {owner}; each service needs a database of its own"
            )


def _refuse_newer(service: str, current: tuple[str, ...], script: ScriptDirectory) -> None:
    known = {revision.revision for revision in script.walk_revisions()}
    unknown = [revision for revision in current if revision not in known]
    if unknown:
        raise MigrationRefused(
            f"the database of {service} stands at {', '.join(unknown)}, which this release does not know: its"
            f" newest is {script.get_current_head()}. A newer release has been here: run that one, or restore"
            " a backup from before."
        )
