"""Which standards there are, and which one a date calls for."""

from __future__ import annotations

from datetime import date

from zerocarbon.proof.gates import iso14068, pas2060
from zerocarbon.proof.gates.standard import Standard

STANDARDS: dict[str, Standard] = {
    standard.name: standard for standard in (pas2060.STANDARD, iso14068.STANDARD)
}


class UnknownStandard(ValueError):
    """No such standard and edition."""


def named(name: str) -> Standard:
    """The strategy of a standard and edition.

    Raises:
        UnknownStandard: not one of `STANDARDS`.
    """
    try:
        return STANDARDS[name]
    except KeyError:
        raise UnknownStandard(f"{name}; known are {', '.join(STANDARDS)}") from None


def default_on(day: date) -> Standard:
    """PAS 2060 until its withdrawal, ISO 14068-1 from then on (R192)."""
    return pas2060.STANDARD if day < pas2060.WITHDRAWN else iso14068.STANDARD
