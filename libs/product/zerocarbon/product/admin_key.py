"""The installation's administrator key: random, made on the first start, in a file of its own."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from zerocarbon.common.identity.keys import key_digest, new_key
from zerocarbon.common.settings import Settings

SHORTEST = 24
"""Characters below which a key in the file cannot be a random one."""


class AdminKeyRefused(Exception):
    """The file holds no key that would keep anybody out."""


def admin_key_file(settings: Settings) -> Path:
    """Where the key lies."""
    return settings.admin_key_file or settings.data_directory / "admin-key"


def admin_key(settings: Settings) -> str:
    """The key; made when there is none. Of several processes that start at once, one makes it.

    Raises:
        AdminKeyRefused: the file is there, but holds no key.
    """
    path = admin_key_file(settings)
    # A given key may lie where nothing can be written, such as a mounted secret.
    if not path.exists():
        _make(path)
    key = path.read_text(encoding="utf-8").strip()
    if len(key) < SHORTEST or not key.isprintable() or " " in key:
        raise AdminKeyRefused(
            f"{path} holds no administrator key: expected one of at least {SHORTEST} characters;"
            " remove the file to have one made"
        )
    return key


def admin_key_sha256(settings: Settings) -> str:
    """The digest that services compare with."""
    return key_digest(admin_key(settings))


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written whole under a name of its own and then linked: nobody ever reads half a key, and who comes
    # second keeps the first one's. A pid would not do for the name: in containers all have the same.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(new_key() + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        Path(draft).unlink()
