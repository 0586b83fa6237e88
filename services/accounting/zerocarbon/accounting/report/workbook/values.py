"""What may stand in a cell, and how figures keep all their digits in a program that counts with fifteen."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from zerocarbon.common.documents.bilingual import Bilingual

DIGITS = 15
"""Significant digits that a spreadsheet keeps of a number."""

_SPREADSHEET = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number to count with, rounded to fifteen digits where it has more; every digit stands beside it."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Digest:
    """A code or digest, in letters of one width."""

    text: str


Value = str | int | Bilingual | Decimal | Figure | Digest | None
"""A `Decimal` is a number where fifteen digits hold it, and a text where they do not."""


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column by the key of its heading; `width` in characters."""

    key: str
    width: int = 14


@dataclass(frozen=True, slots=True)
class Line:
    """A row; `strong` is for totals and headings between."""

    values: tuple[Value, ...]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by the key of its name."""

    key: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[Line, ...]


def fits(value: Decimal) -> bool:
    """Whether fifteen significant digits hold a number."""
    return rounded(value) == value


def rounded(value: Decimal) -> Decimal:
    """The number that a spreadsheet keeps."""
    return _SPREADSHEET.plus(value)
