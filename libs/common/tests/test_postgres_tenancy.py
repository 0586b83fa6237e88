"""Row-level security: what requests, workers and the owner can and cannot do."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from zerocarbon.common.postgres.database import Database, UnsafeRole
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.common.testing.postgres import MakeDatabase

OURS, THEIRS = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
MIGRATIONS = Path(__file__).parent / "postgres_migrations"


@pytest.fixture
async def database(service_database: MakeDatabase) -> Database:
    """Two organisations with a note each."""
    database = await service_database("trial", MIGRATIONS)
    async with database.worker() as session:
        await session.connection.copy_records_to_table(
            "note", records=[(OURS, "ours"), (THEIRS, "theirs")], columns=("organisation_id", "body")
        )
    return database


async def test_a_query_without_a_tenant_sees_the_organisation_of_the_request_only(database: Database) -> None:
    async with database.request(OURS) as session:
        bodies = await session.connection.fetch("SELECT body FROM note")
    assert [row["body"] for row in bodies] == ["ours"]


async def test_nothing_is_seen_without_the_setting(database: Database) -> None:
    async with database.request(OURS) as session:
        await session.connection.execute("SELECT set_config('zerocarbon.organisations', '', true)")
        assert await session.connection.fetchval("SELECT count(*) FROM note") == 0
    connection = await asyncpg.connect(database.urls.request)
    try:
        assert await connection.fetchval("SELECT count(*) FROM note") == 0
        async with connection.transaction():
            await connection.execute("SELECT set_config('zerocarbon.organisations', $1, true)", OURS)
            assert await connection.fetchval("SELECT count(*) FROM note") == 1
        assert await connection.fetchval("SELECT count(*) FROM note") == 0
    finally:
        await connection.close()


async def test_a_request_cannot_write_for_another_organisation(database: Database) -> None:
    async with database.request(OURS) as session:
        changed = await session.connection.execute("UPDATE note SET body = 'x' WHERE body = 'theirs'")
        assert changed == "UPDATE 0"
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with database.request(OURS) as session:
            await session.connection.execute("INSERT INTO note VALUES ($1, 'forged')", THEIRS)


@pytest.mark.parametrize("value", ["x", f"{OURS},{THEIRS}", ""])
async def test_a_request_names_one_organisation(database: Database, value: str) -> None:
    with pytest.raises(ValueError, match="UUID"):
        async with database.request(value):
            pytest.fail("the session must not open")


@pytest.mark.parametrize(
    "statement",
    [
        "SET row_security = off; SELECT * FROM note",
        "ALTER TABLE note DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY all_of_it ON note TO trial_request USING (true)",
        "CREATE TABLE mine (x int)",
        "ALTER ROLE trial_request BYPASSRLS",
        "TRUNCATE note",
        "DELETE FROM note",
        "COPY note TO PROGRAM 'true'",
    ],
)
async def test_a_request_cannot_get_round_its_role(database: Database, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.request(OURS) as session:
            await session.connection.execute(statement)


@pytest.mark.parametrize("role", ["trial_worker", "trial_owner", "postgres"])
async def test_a_request_that_logs_in_by_itself_cannot_become_another_role(
    database: Database, role: str
) -> None:
    if database.urls.bootstrap is not None:
        # With one login for all roles PostgreSQL allows what that login may: `urls_from_database_url`.
        async with database.request(OURS) as session:
            assert await session.connection.fetchval("SELECT current_user") == "trial_request"
        return
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.request(OURS) as session:
            await session.connection.execute(f"SET ROLE {role}")


async def test_the_owner_is_held_by_row_level_security_too(database: Database) -> None:
    connection = await asyncpg.connect(database.urls.owner)
    try:
        assert await connection.fetchval("SELECT count(*) FROM note") == 0
    finally:
        await connection.close()


async def test_no_role_of_a_service_is_superuser_and_only_the_worker_bypasses(database: Database) -> None:
    async with database.reader() as session:
        roles = await session.connection.fetch(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles"
            " WHERE rolname LIKE 'trial%' ORDER BY rolname"
        )
    assert [tuple(role) for role in roles] == [
        ("trial_owner", False, False, False, False, False),
        ("trial_request", False, False, False, False, False),
        ("trial_worker", False, True, False, False, False),
    ]


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with database.reader() as session:
            await session.connection.execute("INSERT INTO note VALUES ($1, 'x')", OURS)


async def test_a_session_rolls_back_when_its_context_fails(database: Database) -> None:
    async def write_and_fail() -> None:
        async with database.request(OURS) as session:
            await session.connection.execute("INSERT INTO note VALUES ($1, 'lost')", OURS)
            raise KeyError("after the write")

    with pytest.raises(KeyError, match="after the write"):
        await write_and_fail()
    async with database.request(OURS) as session:
        assert await session.connection.fetchval("SELECT count(*) FROM note") == 1


async def test_a_role_that_bypasses_is_refused_for_requests(database: Database) -> None:
    urls = database.urls
    swapped = await Database.open(Urls(urls.owner, urls.worker, urls.request))
    try:
        with pytest.raises(UnsafeRole, match="NOBYPASSRLS"):
            async with swapped.request(OURS):
                pytest.fail("the session must not open")
        with pytest.raises(UnsafeRole, match="ALTER ROLE trial_request BYPASSRLS"):
            async with swapped.worker():
                pytest.fail("the session must not open")
    finally:
        await swapped.close()
