"""What operators do to a database, for real: dump and reload, put a copy back, promote a standby."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from zerocarbon.common.eventstore.identity import Incarnation, recognise
from zerocarbon.common.postgres.cluster_settings import ClusterSettings
from zerocarbon.common.postgres.embedded import EmbeddedPostgres
from zerocarbon.common.postgres.migrate import migrate
from zerocarbon.common.postgres.programs import ServerPrograms
from zerocarbon.common.postgres.roles import database_name
from zerocarbon.common.postgres.socket_directory import socket_directory
from zerocarbon.common.postgres.urls import Urls

SERVICE = "trial"
# Durable, as in use: what was committed before the server ended is there when it starts again.
_SETTINGS = ClusterSettings(shared_buffers_mb=16, max_connections=40)

# Each block with a handler is a subtransaction, and takes an id when it writes.
_BURN = """
CREATE TEMPORARY TABLE burnt (n int);
DO $$ BEGIN FOR n IN 1..5000 LOOP
    BEGIN INSERT INTO burnt VALUES (n); EXCEPTION WHEN OTHERS THEN RAISE; END;
END LOOP; END $$
"""


class Cluster:
    """A server of a test's own with the database of one service."""

    def __init__(self, place: Path) -> None:
        self._server = EmbeddedPostgres(place, _SETTINGS)
        self._data = place / "data"
        self._programs = ServerPrograms()
        self._server.start()
        self.urls: Urls = self._server.provision(SERVICE)

    def stop(self) -> None:
        """Ends the server, cleanly."""
        self._server.stop()

    def start(self) -> None:
        """Starts it again, on what lies in its directory."""
        self._server.start()

    async def begin(self, migrations: Path) -> Incarnation:
        """What a service does at its start."""
        await migrate(self.urls, SERVICE, migrations)
        return await recognise(self.urls)

    async def burn_transaction_ids(self) -> None:
        """Uses up some thousands, as a server does that has worked for a while."""
        await self._as_superuser(_BURN)

    def copy(self) -> Path:
        """A cold copy of the data directory, taken while the server is down for it."""
        kept = Path(tempfile.mkdtemp(dir=self._data.parent)) / "data"
        self.stop()
        _copy(self._data, kept)
        self.start()
        return kept

    def put_back(self, kept: Path) -> None:
        """The copy in the place of what was there."""
        self.stop()
        shutil.rmtree(self._data)
        _copy(kept, self._data)
        self.start()

    def dump_into(self, other: Cluster) -> None:
        """`pg_dump` here, `pg_restore` there."""
        with tempfile.TemporaryDirectory(dir=self._data.parent) as directory:
            place = Path(directory)
            self._programs.give(place)
            dump, name = str(place / "dump"), database_name(SERVICE)
            source, target = (one._server.superuser_dsn(name) for one in (self, other))
            self._programs.run("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={source}")
            self._programs.run("pg_restore", "--clean", "--if-exists", f"--dbname={target}", dump)

    @contextmanager
    def as_standby(self) -> Iterator[None]:
        """A standby on this data for the length of the block, promoted at its end."""
        self.stop()
        (self._data / "standby.signal").touch()
        log = self._data.parent / "log"
        options = _SETTINGS.server_options(str(socket_directory(self._data.parent.resolve())), str(log))
        command = ["-w", "-D", str(self._data), "-l", str(log / "standby.log"), "-o", shlex.join(options)]
        self._programs.run("pg_ctl", "start", *command)
        yield
        self._programs.run("pg_ctl", "promote", "-w", "-D", str(self._data))
        self.start()

    async def _as_superuser(self, statement: str) -> None:
        connection = await asyncpg.connect(self._server.superuser_dsn(database_name(SERVICE)))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()


async def put_elsewhere(urls: Urls) -> None:
    """What a store finds when it lies in another database than at its last start."""
    connection = await asyncpg.connect(urls.owner)
    try:
        await connection.execute("UPDATE store SET database_oid = (database_oid::bigint - 1)::oid")
    finally:
        await connection.close()


async def give_name_back(urls: Urls, incarnation: str) -> None:
    """What an operator does who knows that nothing is missing; the statement of docs/adr/0009-restores.md."""
    connection = await asyncpg.connect(urls.owner)
    try:
        await connection.execute("UPDATE store SET incarnation = $1", incarnation)
    finally:
        await connection.close()


def _copy(source: Path, target: Path) -> None:
    # Owners and modes too: the server refuses to run on files of somebody else.
    subprocess.run(["cp", "-a", str(source), str(target)], check=True)  # noqa: S603, S607 - paths of the test
