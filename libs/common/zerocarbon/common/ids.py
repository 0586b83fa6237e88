"""Identities: random and ordered by time, or made from a natural key where a sender may retry."""

from __future__ import annotations

import uuid

import uuid_utils

_NAMESPACE = uuid.UUID("6f1e9c1e-7a52-5c1b-9a55-0c9e3f1f4a10")


def new_id() -> str:
    """A UUIDv7: unique, and roughly ordered by the machine's time."""
    return str(uuid_utils.uuid7())


def natural_id(*parts: str) -> str:
    """A UUIDv5 of a natural key: the same parts give the same id on every machine."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(parts)))
