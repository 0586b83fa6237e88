"""The PostgreSQL of the tests: that of `DATABASE_URL`, else an embedded one shared by all test processes."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import asyncpg

from zerocarbon.common.postgres.blocking import run_blocking
from zerocarbon.common.postgres.cluster_settings import ClusterSettings
from zerocarbon.common.postgres.embedded import EmbeddedPostgres
from zerocarbon.common.postgres.file_lock import FileLock
from zerocarbon.common.postgres.provision import prepare_external
from zerocarbon.common.postgres.urls import Urls, urls_from_database_url, with_database


class Server(Protocol):
    """Where the databases of tests live. A caller may not assume that it is alone on it."""

    @property
    def administrator(self) -> str:
        """The URL of a login that may create databases."""

    def provision(self, service: str, database: str) -> None:
        """Makes the roles of a service, where missing, and an empty database for them."""

    def urls(self, service: str, database: str) -> Urls:
        """How the roles of a provisioned service reach a database."""


class EmbeddedServer:
    """A cluster that gives up durability for speed."""

    def __init__(self, cluster: EmbeddedPostgres) -> None:
        self._cluster = cluster

    @property
    def administrator(self) -> str:
        """The superuser's URL."""
        return self._cluster.superuser_dsn()

    def provision(self, service: str, database: str) -> None:
        """As a fresh installation does it."""
        self._cluster.provision(service, database)

    def urls(self, service: str, database: str) -> Urls:
        """Roles that log in with passwords."""
        return self._cluster.urls(service, database)


class ExternalServer:
    """The server of `DATABASE_URL`: its login must be allowed to create databases and roles."""

    def __init__(self, url: str) -> None:
        self._url = url

    @property
    def administrator(self) -> str:
        """The given login."""
        return self._url

    def provision(self, service: str, database: str) -> None:
        """As an operator and the first migration do it."""

        async def create() -> None:
            connection = await asyncpg.connect(self._url)
            try:
                await connection.execute(f'CREATE DATABASE "{database}"')
            finally:
                await connection.close()
            await prepare_external(with_database(self._url, database), service)

        run_blocking(create())

    def urls(self, service: str, database: str) -> Urls:
        """The given login, running as the service's roles."""
        return urls_from_database_url(with_database(self._url, database), service)


@contextmanager
def running_server() -> Iterator[Server]:
    """The server for one test process, for as long as the context lasts."""
    url = os.environ.get("DATABASE_URL")
    if url:
        assert urlsplit(url).path not in ("", "/"), "DATABASE_URL must name a database"
        yield ExternalServer(url)
        return
    with _shared_cluster() as cluster:
        yield EmbeddedServer(cluster)


@contextmanager
def _shared_cluster() -> Iterator[EmbeddedPostgres]:
    """One cluster for all test processes of this checkout: first in makes it, last out removes it.

    Locks that end with their process count the users, so a killed run leaves nothing that the next one
    does not clear.
    """
    mark = hashlib.sha256(f"{Path(__file__).parent}\0{os.geteuid()}".encode()).hexdigest()[:12]
    place = Path(tempfile.gettempdir()) / f"zerocarbon-tests-{mark}"
    place.mkdir(mode=0o711, exist_ok=True)
    assert place.lstat().st_uid == os.geteuid(), f"{place} belongs to another user"
    gate, users = FileLock(place / "gate.lock"), FileLock(place / "users.lock")
    settings = ClusterSettings(shared_buffers_mb=64, max_wal_size_mb=512, durable=False)
    cluster = EmbeddedPostgres(place / "cluster", settings)
    with gate:
        if users.try_acquire():
            _remove(cluster)
        users.acquire(shared=True)
        cluster.start()
    try:
        yield cluster
    finally:
        with gate:
            if users.try_acquire():
                _remove(cluster)
            users.release()


def _remove(cluster: EmbeddedPostgres) -> None:
    cluster.stop()
    if cluster.directory.exists():
        shutil.rmtree(cluster.directory)
