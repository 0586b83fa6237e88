"""How good the factor behind a line is: its rung of the fallback ladder, and its confidence.

A line with several factors stands where the weakest of them stands. Order from the strongest to the weakest.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from zerocarbon.proof.line import InventoryLine

NO_FACTOR = "none"
"""Lines that rest on a mass or on kept attributes alone, such as refilled refrigerant or own generation."""

RUNGS = (
    NO_FACTOR,
    "measured",
    "certificate",
    "supplier",
    "province",
    "region",
    "nation",
    "default",
    "proxy",
)
CONFIDENCES = (NO_FACTOR, "approved", "verified", "seed")


class Coded(Protocol):
    """What carries a code."""

    @property
    def code(self) -> str:
        """The code."""


T = TypeVar("T", bound=Coded)


def rung_of(line: InventoryLine) -> str:
    """The weakest rung of a line's factors; one that this list does not know counts as weaker than all."""
    return _weakest(RUNGS, [use.rung for use in line.factors])


def confidence_of(line: InventoryLine) -> str:
    """The weakest confidence of a line's factors."""
    return _weakest(CONFIDENCES, [use.confidence for use in line.factors])


def graded(order: Sequence[str], parts: Iterable[T]) -> tuple[T, ...]:
    """Parts by grade, from the strongest to the weakest."""
    return tuple(sorted(parts, key=lambda part: _place(order, part.code)))


def _weakest(order: Sequence[str], codes: Iterable[str]) -> str:
    return max(codes, key=lambda code: _place(order, code), default=NO_FACTOR)


def _place(order: Sequence[str], code: str) -> tuple[int, str]:
    return (order.index(code) if code in order else len(order), code)
