"""What stands behind the sections: every line, and an index of what standards ask for."""

from __future__ import annotations

from collections.abc import Mapping

from zerocarbon.accounting.report.cells import NONE, amount, amount_columns, column, figure, row, table
from zerocarbon.accounting.report.content import ReportContent
from zerocarbon.accounting.report.wording import required_contents, say
from zerocarbon.common.documents.bilingual import same
from zerocarbon.common.documents.blocks import Cell, Paragraph, Row, Section, Table, cell, code
from zerocarbon.common.documents.figures import grouped
from zerocarbon.common.documents.vocabulary import term
from zerocarbon.proof.line import InventoryLine


def lines(content: ReportContent) -> Section:
    """Each line with its activity, its factors and its result."""
    columns = (
        column("line", 7),
        column("scope", 2),
        figure("quantity", 4),
        column("line_factors", 6),
        *amount_columns(content),
    )
    return Section(
        say("lines.heading"),
        (
            Paragraph(say("lines.text"), tone="quiet"),
            table(None, columns, [_line(content, one) for one in content.facts.lines]),
        ),
    )


def index(numbers: Mapping[str, int]) -> Section:
    """What each standard asks for, with the numbers of the sections in which it stands."""
    rows: dict[str, list[Row]] = {}
    for one in required_contents():
        where = ", ".join(str(numbers[section]) for section in one.sections)
        rows.setdefault(one.standard, []).append(row(Cell(one.content), cell(where)))
    columns = (column("requirement", 6), figure("section", 1))
    tables = [Table(columns, tuple(found), same(standard)) for standard, found in rows.items()]
    return Section(say("index.heading"), (Paragraph(say("index.text")), *tables))


def _line(content: ReportContent, line: InventoryLine) -> Row:
    factors = "; ".join(f"{use.factor} v{use.version}" for use in line.factors)
    return row(
        code(line.line),
        Cell(term("scope", line.scope)),
        cell(f"{grouped(line.quantity)} {line.unit}"),
        code(factors) if factors else NONE,
        *(_under(basis, line) for basis in (("both",) if content.one_total else ("location", "market"))),
    )


def _under(basis: str, line: InventoryLine) -> Cell:
    return amount(line.co2e_kg) if line.basis in ("both", basis) else NONE
