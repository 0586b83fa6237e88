"""Locks between processes that a kill releases, because the kernel holds them and not a file's content."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

PAUSE_SECONDS = 0.02


class LockTimedOut(Exception):
    """Another process kept the lock for longer than the caller wanted to wait."""


class FileLock:
    """`flock` on a file of its own.

    A caller may assume: the lock ends with the processes that have the descriptor open, however they end;
    two objects on one path exclude each other, also within one process. A caller may not assume fairness,
    or that it works on a network file system.
    """

    def __init__(self, path: Path, timeout_seconds: float = 120) -> None:
        self._path = path
        self._timeout = timeout_seconds
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock, exclusively or shared."""
        return self._descriptor is not None

    @property
    def descriptor(self) -> int:
        """The open file behind a held lock. Who inherits it keeps the lock after it was released here."""
        assert self._descriptor is not None, f"{self._path} is not held"
        return self._descriptor

    def try_acquire(self, *, shared: bool = False) -> bool:
        """Takes the lock if nobody is in the way.

        A held lock can be made shared or exclusive; where that is refused, the held one is gone as well
        (`flock` first gives up, then asks).
        """
        if self._descriptor is None:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        else:
            descriptor = self._descriptor
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            self._descriptor = None
            return False
        self._descriptor = descriptor
        return True

    def acquire(self, *, shared: bool = False) -> None:
        """Takes the lock, waiting for others.

        Raises:
            LockTimedOut: nobody let go in time.
        """
        deadline = time.monotonic() + self._timeout
        while not self.try_acquire(shared=shared):
            if time.monotonic() >= deadline:
                raise LockTimedOut(f"another process holds {self._path} for more than {self._timeout:g} s")
            time.sleep(PAUSE_SECONDS)

    def release(self) -> None:
        """Lets go; nothing happens when it is not held."""
        # Closed and not unlocked: an unlock would take the lock from those that inherited it, too.
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> FileLock:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
