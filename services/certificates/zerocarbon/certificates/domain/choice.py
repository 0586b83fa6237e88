"""Which units to use, where the holder did not say: oldest vintage first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zerocarbon.certificates.domain.serial_range import SerialRange


@dataclass(frozen=True, slots=True)
class Candidate:
    """Free units that no rule stands against."""

    block_id: str
    registry: str
    serial: str
    range: SerialRange
    vintage_start: date
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """A range of one block."""

    block_id: str
    range: SerialRange


def choose(candidates: Iterable[Candidate], quantity: int) -> list[Chosen]:
    """Ranges for exactly `quantity` units; fewer when there are not enough.

    The order is by vintage, then by what expires first, then by registry, serial and number: the same
    candidates always give the same choice, in whatever order they come.
    """
    chosen: list[Chosen] = []
    left = quantity
    for candidate in sorted(candidates, key=_oldest_first):
        if left == 0:
            break
        taken = min(left, candidate.range.quantity)
        low = candidate.range.low
        chosen.append(Chosen(candidate.block_id, SerialRange(low, low + taken)))
        left -= taken
    return chosen


def _oldest_first(candidate: Candidate) -> tuple[date, date, str, str, int]:
    return (
        candidate.vintage_start,
        candidate.expires_on or date.max,
        candidate.registry,
        candidate.serial,
        candidate.range.low,
    )
