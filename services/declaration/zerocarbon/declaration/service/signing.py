"""The installation's signing key: it signs bundles and statements, so that a stranger knows who says it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.secret_file import read_secret, write_secret
from zerocarbon.proof import keys

PRIVATE = "declaration-signing-key.pem"
PUBLIC = "declaration-public-key.pem"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 key. `kid` is the SHA-256 of its 32 public bytes."""

    private: Ed25519PrivateKey

    @property
    def kid(self) -> str:
        """The key's id, as bundles and signatures name it."""
        return keys.key_id(self.private.public_key())

    def jwk(self) -> dict[str, str]:
        """The public half, as a JWK of a key set."""
        return {**keys.jwk(self.private.public_key()), "use": "sig", "alg": "Ed25519"}

    def public_pem(self) -> str:
        """The public half in PEM, for `zerocarbon verify --key`."""
        public = self.private.public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def private_pem(self) -> str:
        """The private half in PEM."""
        return self.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def signing_key(data_directory: Path) -> SigningKey:
    """The key of an installation, made on first use and kept as 0600 in its data directory; the public half
    lies beside it. Processes that start at once agree on one key.

    Raises:
        SecretExposed: others can read the private key.
    """
    path = data_directory / PRIVATE
    if not path.exists():
        _make(path)
    private = load_pem_private_key(read_secret(path).encode(), password=None)
    assert isinstance(private, Ed25519PrivateKey), f"{path} holds another kind of key"
    key = SigningKey(private)
    public = data_directory / PUBLIC
    if not public.exists():
        public.write_text(key.public_pem())
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    candidate = path.with_name(f".{path.name}-{new_id()}")
    write_secret(candidate, SigningKey(Ed25519PrivateKey.generate()).private_pem())
    try:
        os.link(candidate, path)  # fails if another process was faster, and then that key counts
    except FileExistsError:
        return
    finally:
        candidate.unlink()
