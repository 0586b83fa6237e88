"""Secrets at rest: sealed in the database with a key that lies in the installation's directory.

A copy of the database alone opens nothing. The key's file is made on first use, readable by its user only;
processes that share a database share the file, as a mounted secret for example.
"""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from zerocarbon.common.postgres.secret_file import secret_of

KEY_FILE = "certificates-secrets.key"
_NONCE_BYTES = 12


class SecretBox:
    """Seals and opens (AES-256-GCM). What is sealed for one purpose opens for no other."""

    def __init__(self, key: str) -> None:
        self._cipher = AESGCM(hashlib.sha256(key.encode()).digest())

    def seal(self, secret: bytes, purpose: str) -> bytes:
        """The sealed secret: a fresh nonce, then the ciphertext."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """The secret.

        Raises:
            cryptography.exceptions.InvalidTag: another key, another purpose, or changed bytes.
        """
        return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())


@lru_cache(maxsize=16)
def box_in(directory: Path) -> SecretBox:
    """The box of an installation's directory. The disk is touched once in a process: whoever sends a request
    must not be able to make it wait for files.

    Raises:
        SecretExposed: others than its user can read the key's file.
    """
    directory.mkdir(parents=True, exist_ok=True)
    return SecretBox(secret_of(directory / KEY_FILE))
