"""Where the server's socket lies: beside the data, or in a short place where that path is too long."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

LONGEST_SOCKET_PATH = 100  # bytes; sun_path holds 103 on macOS, 107 on Linux
_SOCKET = ".s.PGSQL.5432"


class SocketDirectoryRefused(Exception):
    """The socket's directory belongs to somebody else."""


def socket_directory(directory: Path) -> Path:
    """The place for the socket of the cluster in `directory` (absolute)."""
    beside = directory / "socket"
    if _fits(beside):
        return beside
    name = f"zerocarbon-{hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]}"
    temporary = Path(tempfile.gettempdir()) / name
    return temporary if _fits(temporary) else Path("/tmp") / name  # noqa: S108 - checked in `prepare`


def prepare(path: Path, owner_id: int) -> bool:
    """Makes the directory, mode 0700; True when it is new and still has to be given to `owner_id`.

    Raises:
        SocketDirectoryRefused: it is there, and a link or another user's: somebody could be listening.
    """
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        state = path.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid not in (owner_id, os.geteuid()):
            raise SocketDirectoryRefused(f"{path} is not a directory of user {owner_id}") from None
        path.chmod(0o700)
        return state.st_uid != owner_id
    return True


def remove_stale_sockets(path: Path) -> None:
    """Clears what a killed server left; its lock file would stop the next one if its pid is in use again."""
    for name in (_SOCKET, f"{_SOCKET}.lock"):
        (path / name).unlink(missing_ok=True)


def _fits(path: Path) -> bool:
    return len(os.fsencode(path / _SOCKET)) <= LONGEST_SOCKET_PATH
