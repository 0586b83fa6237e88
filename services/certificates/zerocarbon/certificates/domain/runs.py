"""Neighbouring tiles that share what matters to an event become one range."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from zerocarbon.certificates.domain.holding import Holding
from zerocarbon.certificates.domain.serial_range import SerialRange

K = TypeVar("K", bound=Hashable)


def runs(tiles: Iterable[Holding], shared: Callable[[Holding], K]) -> list[tuple[SerialRange, K]]:
    """Maximal ranges of touching tiles with one value of `shared`, in order. The tiles come in order."""
    found: list[tuple[SerialRange, K]] = []
    for tile in tiles:
        value = shared(tile)
        if found and found[-1][0].high == tile.range.low and found[-1][1] == value:
            found[-1] = (SerialRange(found[-1][0].low, tile.range.high), value)
        else:
            found.append((tile.range, value))
    return found
