"""Canonical bytes: the same facts give the same bytes, on every machine and Python version.

JSON with sorted keys, no white space, UTF-8 without escapes beyond what JSON demands, and no numbers with
a fraction: quantities are strings in the notation of `numbers.canonical`. Times are strings too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from zerocarbon.proof.numbers import canonical

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | bool | None | Decimal


def _plain(value: Json) -> object:
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return canonical(value)
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"a key must be text, not {type(key).__name__}")
    return key


def canonical_bytes(value: Json) -> bytes:
    """The one encoding of a value.

    Raises:
        TypeError: a float, a date or another type without canonical form.
    """
    plain = _plain(value)
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def sha256_hex(data: bytes) -> str:
    """Lower-case hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()
