"""The installation's administrator key: random, made on the first start, in a file of its own."""

from __future__ import annotations

import os
from pathlib import Path

from zerocarbon.common.identity.keys import key_digest, new_key
from zerocarbon.common.settings import Settings


def admin_key_file(settings: Settings) -> Path:
    """Where the key lies."""
    return settings.admin_key_file or settings.data_directory / "admin-key"


def admin_key(settings: Settings) -> str:
    """The key; made when there is none. Of several processes that start at once, one makes it."""
    path = admin_key_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written whole under another name and then linked: nobody ever reads half a key.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(new_key() + "\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text().strip()


def admin_key_sha256(settings: Settings) -> str:
    """The digest that services compare with."""
    return key_digest(admin_key(settings))
