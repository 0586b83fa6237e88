"""Cursors: where a page ended, opaque to callers."""

from __future__ import annotations

import base64
import binascii
import json

from zerocarbon.common.refusal import refuse


def encode(*parts: str | int) -> str:
    """A cursor for the last item's sort key."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode(cursor: str | None, kinds: tuple[type, ...]) -> list[str | int] | None:
    """The sort key, or nothing for the first page.

    Raises:
        Refused: not a cursor of such a list.
    """
    if cursor is None:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as broken:
        raise refuse("cursor", "the cursor is not one that this list gave", "/cursor") from broken
    fits = isinstance(parts, list) and len(parts) == len(kinds)
    if not fits or not all(isinstance(part, kind) for part, kind in zip(parts, kinds, strict=True)):
        raise refuse("cursor", "the cursor is not one that this list gave", "/cursor")
    return list(parts)
