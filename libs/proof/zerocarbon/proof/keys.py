"""Ed25519 keys: reading public keys as people keep them, and the name of a key.

PEM holds a SubjectPublicKeyInfo (RFC 8410), JWK an OKP key (RFC 8037). A key's id is the SHA-256 of its 32
raw bytes, so that it can be computed from either.
"""

from __future__ import annotations

import base64
import binascii
import json

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from zerocarbon.proof.canonical import sha256_hex


class UnreadableKey(ValueError):
    """The bytes are not an Ed25519 public key in PEM or JWK."""


def raw_bytes(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def key_id(key: Ed25519PublicKey) -> str:
    """Lower-case hexadecimal SHA-256 of the raw key."""
    return sha256_hex(raw_bytes(key))


def read_public_key(text: bytes) -> Ed25519PublicKey:
    """A public key from PEM or JWK bytes.

    Raises:
        UnreadableKey: neither, or a key of another algorithm.
    """
    if text.lstrip().startswith(b"{"):
        return _from_jwk(text)
    try:
        key = load_pem_public_key(text)
    except (ValueError, UnsupportedAlgorithm):
        raise UnreadableKey("neither PEM nor JWK") from None
    if not isinstance(key, Ed25519PublicKey):
        raise UnreadableKey("not an Ed25519 key")
    return key


def jwk(key: Ed25519PublicKey) -> dict[str, str]:
    """The key as a JWK object."""
    return {"kty": "OKP", "crv": "Ed25519", "x": encode(raw_bytes(key)), "kid": key_id(key)}


def encode(data: bytes) -> str:
    """Base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Bytes from base64url without padding.

    Raises:
        ValueError: not the one encoding of any bytes.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(f"not base64url: {error}") from None
    if encode(data) != text:
        raise ValueError("not the canonical base64url of its bytes")
    return data


def from_raw(data: bytes) -> Ed25519PublicKey:
    """A public key from its 32 bytes.

    Raises:
        UnreadableKey: another length.
    """
    try:
        return Ed25519PublicKey.from_public_bytes(data)
    except ValueError:
        raise UnreadableKey("an Ed25519 public key has 32 bytes") from None


def _from_jwk(text: bytes) -> Ed25519PublicKey:
    try:
        value = json.loads(text)
        if (value.get("kty"), value.get("crv")) != ("OKP", "Ed25519"):
            raise UnreadableKey("the JWK is not an Ed25519 key")
        return from_raw(decode(str(value.get("x", ""))))
    except UnreadableKey:
        raise
    except (ValueError, AttributeError) as error:
        raise UnreadableKey(f"the JWK cannot be read: {error}") from None
