"""Secrets that an installation makes for itself and keeps in files that only its user can read."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path


class SecretExposed(Exception):
    """A secret's file can be read by others than its owner."""


def new_secret() -> str:
    """256 random bits in characters that need no escaping in a URL."""
    return secrets.token_urlsafe(32)


def write_secret(path: Path, text: str) -> None:
    """Writes a file of mode 0600, whole or not at all; it is on disk when this returns."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read_secret(path: Path) -> str:
    """The content of a secret's file.

    Raises:
        SecretExposed: group or others have any right on the file.
        FileNotFoundError: there is none.
    """
    with path.open(encoding="utf-8") as file:
        if os.fstat(file.fileno()).st_mode & 0o077:
            raise SecretExposed(f"{path} can be read by other users; change the secret and make it mode 0600")
        return file.read()


def secret_of(path: Path) -> str:
    """The secret kept in `path`, made on first use."""
    if not path.exists():
        write_secret(path, new_secret())
    return read_secret(path)
