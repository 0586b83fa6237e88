"""The embedded PostgreSQL: a real server in a directory, with nothing installed but the wheel."""

from __future__ import annotations

import shlex
import time
from pathlib import Path
from types import TracebackType

from zerocarbon.common.postgres.blocking import run_blocking
from zerocarbon.common.postgres.cluster_settings import ClusterSettings
from zerocarbon.common.postgres.data_directory import SUPERUSER, DataDirectoryRefused, ensure_data_directory
from zerocarbon.common.postgres.file_lock import FileLock, LockTimedOut
from zerocarbon.common.postgres.postmaster import PID_FILE, Postmaster, running_postmaster
from zerocarbon.common.postgres.programs import ProgramFailed, ServerPrograms
from zerocarbon.common.postgres.provision import provision_service
from zerocarbon.common.postgres.role_passwords import RolePasswords
from zerocarbon.common.postgres.roles import database_name
from zerocarbon.common.postgres.secret_file import read_secret
from zerocarbon.common.postgres.socket_directory import prepare, remove_stale_sockets, socket_directory
from zerocarbon.common.postgres.urls import Urls, socket_url

START_SECONDS = 300
STOP_SECONDS = 120
LEFTOVER_SECONDS = 30


class EmbeddedPostgresFailed(Exception):
    """The server could not be set up or started; the text says why and where the log is."""


class EmbeddedPostgres:
    """PostgreSQL 18 in `directory`, reached by a unix socket only, with passwords for every role.

    Layout: `data/` is the server's, `superuser-password` and `roles/` are ours (0600), `log/` is its log.
    Three locks: `cluster.lock` is held while something is changed, `starter.lock` by the process that
    started the server, `server.lock` by every process of the server itself, so that a lock file with a
    stale or reused pid cannot deceive.

    A caller may assume: any number of processes may `start` at once, one starts the server and the others
    find it running; a kill of any of them, of the server or of a half-done set-up is mended by the next
    `start`. Leaving the context stops the server only for the one that started it (or that took over after
    the starter had been killed); `stop` stops it for everybody.
    A caller may not assume that the server outlives the process that started it, or that the directory may
    lie on a network file system.
    """

    def __init__(self, directory: Path, settings: ClusterSettings | None = None) -> None:
        self.directory = directory.resolve()
        self.settings = settings if settings is not None else ClusterSettings()
        self._data = self.directory / "data"
        self._log = self.directory / "log"
        self._password = self.directory / "superuser-password"
        self._programs = ServerPrograms()
        self._starter = FileLock(self.directory / "starter.lock")
        self._socket: Path | None = None

    @property
    def started_here(self) -> bool:
        """Whether it is for this object to stop the server."""
        return self._starter.held

    @property
    def pid(self) -> int | None:
        """The server's process, None when it does not run."""
        found = running_postmaster(self._data)
        return found.pid if found is not None else None

    def start(self) -> None:
        """Sets up on first use, starts unless it runs, returns when connections are accepted.

        Raises:
            EmbeddedPostgresFailed: PostgreSQL refused; its own words are in the text.
        """
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.directory.chmod(self._programs.enclosing_mode)
        with self._exclusive():
            if running_postmaster(self._data) is None:
                try:
                    self._launch()
                except (LockTimedOut, DataDirectoryRefused, ProgramFailed) as failed:
                    raise EmbeddedPostgresFailed(f"{failed}\n{self._last_words()}") from failed
            self._socket = self._wait_until_ready().socket_directory
            self._starter.try_acquire()

    def stop(self) -> None:
        """Stops the server for everybody; open transactions are rolled back. Nothing if it does not run."""
        if self.directory.exists():
            with self._exclusive():
                if running_postmaster(self._data) is not None:
                    mode = "fast" if self.settings.durable else "immediate"
                    self._programs.run(
                        "pg_ctl", "stop", "-w", "-t", str(STOP_SECONDS), "-m", mode, "-D", str(self._data)
                    )
                self._starter.release()

    def __enter__(self) -> EmbeddedPostgres:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.started_here:
            self.stop()

    def superuser_dsn(self, database: str = "postgres") -> str:
        """For provisioning and tests. Services never connect with this."""
        return socket_url(self._socket_directory(), SUPERUSER, read_secret(self._password), database)

    def provision(self, service: str, database: str | None = None) -> Urls:
        """The database and the three roles of a service, made on first use; safe to repeat.

        Args:
            service: the prefix of the roles.
            database: only tests name one; by default it follows from the service.
        """
        name = database_name(service) if database is None else database
        with self._exclusive():
            passwords = RolePasswords.of(self.directory / "roles", service)
            run_blocking(provision_service(self.superuser_dsn, service, name, passwords))
        return passwords.urls(self._socket_directory(), name)

    def urls(self, service: str, database: str | None = None) -> Urls:
        """The same of a service that was provisioned before; asks no server.

        Raises:
            FileNotFoundError: it was not.
        """
        passwords = RolePasswords.kept(self.directory / "roles", service)
        return passwords.urls(self._socket_directory(), database or database_name(service))

    def _socket_directory(self) -> Path:
        if self._socket is None:
            raise EmbeddedPostgresFailed("the embedded PostgreSQL has not been started")
        return self._socket

    def _exclusive(self) -> FileLock:
        return FileLock(self.directory / "cluster.lock", timeout_seconds=START_SECONDS)

    def _launch(self) -> None:
        """Starts the server once nothing of an earlier one lives: backends outlive a killed one a little."""
        with FileLock(self.directory / "server.lock", timeout_seconds=LEFTOVER_SECONDS) as alone:
            ensure_data_directory(
                self._data,
                self._password,
                self._programs,
                held_file=alone.descriptor,
                durable=self.settings.durable,
            )
            self._log.mkdir(mode=0o700, exist_ok=True)
            self._programs.give(self._log)
            socket = socket_directory(self.directory)
            if prepare(socket, self._programs.owner_id):
                self._programs.give(socket)
            # Nothing of a server lives, so what says otherwise is stale, whatever runs under its pid now.
            (self._data / PID_FILE).unlink(missing_ok=True)
            remove_stale_sockets(socket)
            self._start_log.unlink(missing_ok=True)
            options = shlex.join(self.settings.server_options(str(socket), str(self._log)))
            self._programs.run(
                "pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-D", str(self._data),
                "-l", str(self._start_log), "-o", options,
                held_file=alone.descriptor,
            )  # fmt: skip

    @property
    def _start_log(self) -> Path:
        return self._log / "start.log"

    def _last_words(self) -> str:
        said = self._start_log.read_text(encoding="utf-8") if self._start_log.exists() else ""
        return f"{said}The server's log is in {self._log}"

    def _wait_until_ready(self) -> Postmaster:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            found = running_postmaster(self._data)
            if found is None:
                raise EmbeddedPostgresFailed(f"the server ended while it was starting; see {self._log}")
            if found.ready:
                return found
            time.sleep(0.05)
        raise EmbeddedPostgresFailed(f"the server does not become ready; see {self._log}")
