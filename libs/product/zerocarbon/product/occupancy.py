"""Which services run on a data directory: each at most once on the embedded default."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from zerocarbon.common.postgres.file_lock import FileLock


class AlreadyRunning(Exception):
    """Another process runs a service on this data directory. Nothing was changed."""


@contextmanager
def occupied(data_directory: Path, services: Sequence[str], told: str) -> Iterator[None]:
    """Holds the services of a data directory for this process; a kill releases them.

    `told` is what another process that wants them is told about this one.

    Raises:
        AlreadyRunning: one of them is held.
    """
    place = data_directory / "running"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as held:
        for service in services:
            lock = FileLock(place / f"{service}.lock")
            if not lock.try_acquire():
                raise AlreadyRunning(_running(data_directory, place, service))
            held.callback(lock.release)
        for service in services:
            (place / f"{service}.json").write_text(
                json.dumps({"process": os.getpid(), "told": told}), encoding="utf-8"
            )
        yield


@contextmanager
def staged(data_directory: Path) -> Iterator[None]:
    """Holds a demo's data directory from before its services start until after they end.

    Raises:
        AlreadyRunning: another demo holds it.
    """
    data_directory.parent.mkdir(parents=True, exist_ok=True)
    # Beside the directory, which is removed and made again.
    lock = FileLock(data_directory.with_name(f"{data_directory.name}.lock"))
    if not lock.try_acquire():
        raise AlreadyRunning(
            f"a demo is starting or ending on {data_directory.absolute()}."
            " Let it end first, or set ZEROCARBON_DATA_DIRECTORY to another directory."
        )
    try:
        yield
    finally:
        lock.release()


def free(data_directory: Path, services: Sequence[str]) -> None:
    """Returns when no service runs on a data directory now. Whoever needs it to stay so has to hold it.

    Raises:
        AlreadyRunning: one runs.
    """
    place = data_directory / "running"
    for service in services:
        lock = FileLock(place / f"{service}.lock")
        # Where nothing ever ran, nothing is made.
        if place.is_dir() and not lock.try_acquire():
            raise AlreadyRunning(_running(data_directory, place, service))
        lock.release()


def _running(data_directory: Path, place: Path, service: str) -> str:
    return (
        f"{service} is running already on {data_directory.absolute()}{_who(place, service)}."
        " Stop that one first, or set ZEROCARBON_DATA_DIRECTORY to another directory."
    )


def _who(place: Path, service: str) -> str:
    try:
        found = json.loads((place / f"{service}.json").read_text(encoding="utf-8"))
        return f" (process {found['process']}, {found['told']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # It has only just begun; the lock alone decides.
