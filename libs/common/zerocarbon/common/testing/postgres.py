"""Pytest plugin: real PostgreSQL databases.

`service_database` is what most tests want; `service_urls` is for those that open the database themselves or
in another process; `databases` is for fixtures of a wider scope.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Protocol

import pytest
import pytest_asyncio

from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.common.testing.databases import Databases
from zerocarbon.common.testing.postgres_server import Server, running_server


class MakeUrls(Protocol):
    """Makes a database that is dropped after the test."""

    def __call__(self, service: str, migrations: Path | None = None, *, migrate: bool = True) -> Urls:
        """See `Databases.create`."""


class MakeDatabase(Protocol):
    """Makes a database and opens it; it is closed and dropped after the test."""

    async def __call__(
        self, service: str, migrations: Path | None = None, *, migrate: bool = True
    ) -> Database:
        """See `Databases.create`."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The server of this run."""
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def databases(postgres_server: Server) -> Databases:
    """Makes databases; who makes one drops it."""
    return Databases(postgres_server)


@pytest.fixture
def service_urls(databases: Databases) -> Iterator[MakeUrls]:
    """`service_urls("ingest")` gives the URLs of a fresh, migrated database."""
    made: list[Urls] = []

    def make(service: str, migrations: Path | None = None, *, migrate: bool = True) -> Urls:
        urls = databases.create(service, migrations, migrated=migrate)
        made.append(urls)
        return urls

    yield make
    for urls in made:
        databases.drop(urls)


@pytest_asyncio.fixture
async def service_database(service_urls: MakeUrls) -> AsyncIterator[MakeDatabase]:
    """`await service_database("ingest")` gives a fresh, migrated database of that service."""
    opened: list[Database] = []

    async def make(service: str, migrations: Path | None = None, *, migrate: bool = True) -> Database:
        database = await Database.open(service_urls(service, migrations, migrate=migrate), name=service)
        opened.append(database)
        return database

    yield make
    for database in opened:
        await database.close()
