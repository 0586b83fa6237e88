"""Finds out whether a server runs on a data directory, whatever its lock file says."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import psutil

PID_FILE = "postmaster.pid"
_SOCKET_DIRECTORY_LINE, _STATUS_LINE = 4, 7


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A running server. `ready` means that it accepts connections."""

    pid: int
    socket_directory: Path | None
    ready: bool


def running_postmaster(data: Path) -> Postmaster | None:
    """The server on `data`, or None.

    The lock file alone proves nothing: after a kill it stays behind, and its pid may since have been given
    to another process. So the process is asked: it must be a postgres that was started on this directory.
    """
    try:
        lines = (data / PID_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    if not _serves(pid, data):
        return None
    socket = lines[_SOCKET_DIRECTORY_LINE].strip() if len(lines) > _SOCKET_DIRECTORY_LINE else ""
    status = lines[_STATUS_LINE].strip() if len(lines) > _STATUS_LINE else ""
    return Postmaster(pid, Path(socket) if socket else None, status == "ready")


def _serves(pid: int, data: Path) -> bool:
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres":
            return False
        command = process.cmdline()
        return "-D" in command[:-1] and os.path.samefile(command[command.index("-D") + 1], data)
    except (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError):
        return False  # It has ended, or is one that we may not look at: another user's, so not ours.
