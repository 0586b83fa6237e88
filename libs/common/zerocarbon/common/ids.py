"""Identities: random and ordered by time, or made from a natural key where a sender may retry."""

from __future__ import annotations

import uuid

import uuid_utils

_SEPARATOR, _ESCAPE = "\x1f", "\x1e"
_NAMESPACE = uuid.UUID("6f1e9c1e-7a52-5c1b-9a55-0c9e3f1f4a10")


def new_id() -> str:
    """A UUIDv7: unique, and roughly ordered by the machine's time."""
    return str(uuid_utils.uuid7())


def natural_id(*parts: str) -> str:
    """A UUIDv5 of a natural key: the same parts give the same id on every machine, other parts another."""
    return str(uuid.uuid5(_NAMESPACE, _SEPARATOR.join(_escaped(part) for part in parts)))


def _escaped(part: str) -> str:
    # A part may come from outside, such as a token's subject: its own separators must not move the seams.
    return part.replace(_ESCAPE, _ESCAPE * 2).replace(_SEPARATOR, _ESCAPE + _SEPARATOR)
