"""Makes the server's data directory, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from zerocarbon.common.postgres.programs import MAJOR_VERSION, ServerPrograms
from zerocarbon.common.postgres.secret_file import secret_of, write_secret

SUPERUSER = "postgres"
_UNFINISHED = "new-"


class DataDirectoryRefused(Exception):
    """What stands in the place of the data directory is not one that this release can run."""


def ensure_data_directory(
    data: Path, password_file: Path, programs: ServerPrograms, *, held_file: int, durable: bool
) -> None:
    """Makes `data` under another name and renames it, unless it is there already.

    Args:
        password_file: keeps the superuser's password, made on first use.
        held_file: a descriptor that initdb holds open as long as it lives.
        durable: False leaves it to the operating system when files reach the disk.

    Raises:
        DataDirectoryRefused: it belongs to another version, is none, or lost its password.
        ProgramFailed: initdb failed.
    """
    for leftover in data.parent.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(leftover)
    if data.exists():
        _check(data, password_file)
        return
    work = Path(tempfile.mkdtemp(dir=data.parent, prefix=_UNFINISHED))
    programs.give(work)
    password = work / "password"
    write_secret(password, secret_of(password_file))
    programs.give(password)
    arguments = [
        f"--pgdata={work / 'data'}",
        f"--username={SUPERUSER}",
        f"--pwfile={password}",
        "--auth-local=scram-sha-256",
        "--auth-host=scram-sha-256",
        "--encoding=UTF8",
        # The same order of texts on every machine, whatever its locale.
        "--no-locale",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--no-instructions",
        *([] if durable else ["--no-sync"]),
    ]
    programs.run("initdb", *arguments, held_file=held_file)
    os.rename(work / "data", data)
    _sync(data.parent)
    shutil.rmtree(work)


def _check(data: Path, password_file: Path) -> None:
    try:
        version = (data / "PG_VERSION").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise DataDirectoryRefused(f"{data} is not the data directory of a PostgreSQL") from None
    if version != str(MAJOR_VERSION):
        raise DataDirectoryRefused(
            f"{data} belongs to PostgreSQL {version}, this release runs {MAJOR_VERSION}"
        )
    if not password_file.exists():
        raise DataDirectoryRefused(f"{password_file} is missing: restore it together with {data}")


def _sync(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
