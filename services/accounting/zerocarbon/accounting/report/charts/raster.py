"""A grid of values as a picture of one pixel for each: a year of hours would be a drawing of nine thousand
rectangles, and a megabyte."""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode
from collections.abc import Sequence

SHADES = 255
"""How many colours there are for values; one more stands for none and is transparent."""


def png_uri(cells: Sequence[Sequence[float | None]], low: float, high: float, stops: Sequence[str]) -> str:
    """A PNG as a data URI. Rows run from the top, colours through `stops` (`#rrggbb`) from low to high."""
    span = (high - low) or 1.0
    rows = b"".join(
        b"\0" + bytes(0 if cell is None else 1 + round((cell - low) / span * (SHADES - 1)) for cell in row)
        for row in cells
    )
    palette = b"\0\0\0" + b"".join(_colour(stops, shade / (SHADES - 1)) for shade in range(SHADES))
    size = struct.pack(">IIBBBBB", len(cells[0]), len(cells), 8, 3, 0, 0, 0)
    made = (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", size)
        + _chunk(b"PLTE", palette)
        + _chunk(b"tRNS", b"\0")
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )
    return f"data:image/png;base64,{b64encode(made).decode()}"


def _colour(stops: Sequence[str], at: float) -> bytes:
    place = at * (len(stops) - 1)
    first = min(int(place), len(stops) - 2)
    before, after = (bytes.fromhex(stop[1:]) for stop in stops[first : first + 2])
    part = place - first
    return bytes(round(a + (b - a) * part) for a, b in zip(before, after, strict=True))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
