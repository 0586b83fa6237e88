"""Ranges of serial numbers: half-open integers inside, so that ten million units are one value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class SerialRange:
    """The units `low`, `low + 1`, …, `high - 1` of one block.

    Raises:
        ValueError: empty, reversed or negative.
    """

    low: int
    high: int

    def __post_init__(self) -> None:
        if not 0 <= self.low < self.high:
            raise ValueError(f"[{self.low}, {self.high}) is no range of units")

    @property
    def quantity(self) -> int:
        """The number of units."""
        return self.high - self.low

    def contains(self, other: SerialRange) -> bool:
        """Whether every unit of the other is one of these."""
        return self.low <= other.low and other.high <= self.high

    def overlaps(self, other: SerialRange) -> bool:
        """Whether the two share a unit."""
        return self.low < other.high and other.low < self.high

    def meets(self, other: SerialRange) -> SerialRange:
        """The units that both have; only for ranges that overlap."""
        return SerialRange(max(self.low, other.low), min(self.high, other.high))

    def __str__(self) -> str:
        return f"[{self.low}, {self.high})"
