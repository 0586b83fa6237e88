"""Small parts of tables: amounts, shares, labels. Figures are rounded here, for print, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

from zerocarbon.accounting.report.content import ReportContent, fraction
from zerocarbon.accounting.report.facts import Amount
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.common.documents.blocks import Cell, Column, Fact, Row, Table, cell, code
from zerocarbon.common.documents.figures import exact_kilograms, grouped, tonnes

NONE = Cell(say("row.none"), tone="quiet")
EMPTY = cell("")


def amount(kilograms: Decimal) -> Cell:
    """Tonnes to the kilogram, with every digit in kilograms behind them."""
    return cell(tonnes(kilograms), exact=f"{exact_kilograms(kilograms)} kg")


def optional_amount(kilograms: Decimal | None) -> Cell:
    """An amount, or a dash where there is none."""
    return NONE if kilograms is None else amount(kilograms)


def amounts(content: ReportContent, found: Amount) -> tuple[Cell, ...]:
    """An amount under both scope 2 methods, or once where the profile knows one total."""
    location = amount(found.location_kg)
    return (location,) if content.one_total else (location, amount(found.market_kg))


def share_text(share: Fraction) -> str:
    """Percent with two decimals, cut and never rounded up: below 40 % never reads as 40 %."""
    return f"{grouped(Decimal(int(share * 10_000)).scaleb(-2))} %"


def share(part: Decimal, whole: Decimal) -> Cell:
    """A part of a whole in percent."""
    return cell(share_text(fraction(part, whole)))


def shares(content: ReportContent, part: Amount) -> tuple[Cell, ...]:
    """A part of the whole, under either method where there are two."""
    location = share(part.location_kg, content.whole.location_kg)
    return (location,) if content.one_total else (location, share(part.market_kg, content.whole.market_kg))


def amount_columns(content: ReportContent) -> tuple[Column, ...]:
    """The columns of `amounts`."""
    keys = ("emissions",) if content.one_total else ("location", "market")
    return tuple(figure(key, 3) for key in keys)


def share_columns(content: ReportContent) -> tuple[Column, ...]:
    """The columns of `shares`."""
    keys = ("share",) if content.one_total else ("location_share", "market_share")
    return tuple(figure(key, 2) for key in keys)


def column(key: str, weight: int = 2, *, figure: bool = False) -> Column:
    """A column by the key of its heading."""
    return Column(say(f"column.{key}"), figure=figure, weight=weight)


def figure(key: str, weight: int = 2) -> Column:
    """A column of figures."""
    return column(key, weight, figure=True)


def table(caption: str | None, columns: Iterable[Column], rows: Iterable[Row]) -> Table:
    """A table by the key of its caption; without one where the section's heading says it."""
    return Table(tuple(columns), tuple(rows), None if caption is None else say(caption))


def row(*cells: Cell) -> Row:
    """A row."""
    return Row(cells)


def total_row(*cells: Cell) -> Row:
    """The row of a total."""
    return Row(cells, total=True)


def fact(key: str, value: Cell | Bilingual | str) -> Fact:
    """A label by its key, and its value."""
    if isinstance(value, str):
        value = same(value)
    return Fact(say(key), Cell(value) if isinstance(value, Bilingual) else value)


def digest(value: str) -> Cell:
    """A whole digest, for copying."""
    return code(f"sha256:{value}")


def short_digest(value: str) -> Cell:
    """A digest by its first digits, where a whole one fits no column."""
    return code(f"{value[:12]}…")
