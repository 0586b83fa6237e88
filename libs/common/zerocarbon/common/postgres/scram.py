"""SCRAM-SHA-256 verifiers (RFC 5803), so that no password travels inside SQL or can reach a server's log."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

ITERATIONS = 4096  # PostgreSQL's own default (scram_iterations)


def verifier(password: str, salt: bytes | None = None) -> str:
    """What `CREATE ROLE … PASSWORD` takes in place of the password.

    Args:
        password: ASCII only, as ours are; others would need SASLprep first.
        salt: 16 random bytes unless given.
    """
    assert password.isascii(), "SASLprep is not done here"
    salt = os.urandom(16) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored_key = hashlib.sha256(_hmac(salted, b"Client Key")).digest()
    server_key = _hmac(salted, b"Server Key")
    return f"SCRAM-SHA-256${ITERATIONS}:{_text(salt)}${_text(stored_key)}:{_text(server_key)}"


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
