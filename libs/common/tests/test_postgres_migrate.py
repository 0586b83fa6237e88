"""Migrations: under a lock, whole or not at all, and never on the wrong database."""

from __future__ import annotations

import asyncio
import shutil
import sys
import textwrap
from pathlib import Path

import asyncpg
import pytest

from zerocarbon.common.postgres.migrate import MigrationRefused, migrate, migrations_of
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.common.testing.postgres import MakeUrls

MIGRATIONS = Path(__file__).parent / "postgres_migrations"
ANOTHER_PROCESS = textwrap.dedent("""
    import asyncio, sys
    from pathlib import Path
    from zerocarbon.common.postgres.migrate import migrate
    from zerocarbon.common.postgres.urls import Urls
    owner, bootstrap, migrations = sys.argv[1:]
    urls = Urls(owner, "", "", bootstrap or None)
    print(asyncio.run(migrate(urls, "trial", Path(migrations))))
""")
BROKEN = """
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    op.execute("CREATE TABLE half (x int)")
    op.execute("SELECT 1 / 0")
"""
NEXT = """
from alembic import op
revision, down_revision = "0002", "0001"
def upgrade():
    op.execute("ALTER TABLE note ADD COLUMN author text")
"""


@pytest.fixture
def urls(service_urls: MakeUrls) -> Urls:
    """An empty database with the roles of a service."""
    return service_urls("trial", migrate=False)


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """A copy to add to."""
    return shutil.copytree(MIGRATIONS, tmp_path / "migrations")


async def tables(urls: Urls) -> list[tuple[str, str]]:
    """Names and owners."""
    connection = await asyncpg.connect(urls.owner)
    try:
        rows = await connection.fetch(
            "SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        )
        return [(row[0], row[1]) for row in rows]
    finally:
        await connection.close()


async def test_the_owner_makes_the_tables_and_a_second_run_changes_nothing(urls: Urls) -> None:
    assert await migrate(urls, "trial", MIGRATIONS) == "0001"
    assert await migrate(urls, "trial", MIGRATIONS) == "0001"
    assert await tables(urls) == [("note", "trial_owner"), ("trial_schema_version", "trial_owner")]


async def test_two_processes_that_migrate_at_once_do_it_once(urls: Urls) -> None:
    command = [sys.executable, "-c", ANOTHER_PROCESS, urls.owner, urls.bootstrap or "", str(MIGRATIONS)]
    processes = [
        await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE) for _ in range(2)
    ]
    outputs = [await asyncio.wait_for(process.communicate(), 60) for process in processes]
    assert [output for output, _ in outputs] == [b"0001\n", b"0001\n"]
    assert [name for name, _ in await tables(urls)] == ["note", "trial_schema_version"]


async def test_a_migration_that_fails_leaves_nothing_behind(urls: Urls, migrations: Path) -> None:
    (migrations / "versions" / "0002_broken.py").write_text(BROKEN)
    with pytest.raises(Exception, match="division by zero"):
        await migrate(urls, "trial", migrations)
    assert await tables(urls) == []
    (migrations / "versions" / "0002_broken.py").write_text(NEXT)
    assert await migrate(urls, "trial", migrations) == "0002"


async def test_a_database_ahead_of_the_code_is_refused(urls: Urls, migrations: Path) -> None:
    (migrations / "versions" / "0002_next.py").write_text(NEXT)
    assert await migrate(urls, "trial", migrations) == "0002"
    with pytest.raises(MigrationRefused, match=r"stands at 0002.*newest is 0001"):
        await migrate(urls, "trial", MIGRATIONS)


async def test_a_database_of_another_service_is_refused(urls: Urls) -> None:
    connection = await asyncpg.connect(urls.owner)
    try:
        await connection.execute("CREATE TABLE other_schema_version (version_num text)")
    finally:
        await connection.close()
    with pytest.raises(MigrationRefused, match="belongs to the service other"):
        await migrate(urls, "trial", MIGRATIONS)
    assert await tables(urls) == [("other_schema_version", "trial_owner")]


def test_a_service_without_a_package_is_named() -> None:
    with pytest.raises(MigrationRefused, match=r"zerocarbon\.nowhere"):
        migrations_of("nowhere")
