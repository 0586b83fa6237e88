"""Emissions by gas: seven groups, each gas with its potential, and the gases outside the scopes."""

from __future__ import annotations

from zerocarbon.accounting.report.cells import (
    EMPTY,
    amount,
    amount_columns,
    amounts,
    column,
    figure,
    row,
    table,
    total_row,
)
from zerocarbon.accounting.report.charts.emissions import gases_picture
from zerocarbon.accounting.report.content import ReportContent
from zerocarbon.accounting.report.facts import Amount
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.bilingual import Language
from zerocarbon.common.documents.blocks import Block, Cell, Column, Paragraph, Table, cell
from zerocarbon.common.documents.figures import grouped
from zerocarbon.common.documents.vocabulary import category
from zerocarbon.proof.inventory import NOT_SPLIT


def gases(content: ReportContent, language: Language) -> tuple[Block, ...]:
    """The seven groups with what of them is direct, and each gas with its mass and GWP."""
    return (_groups(content), *gases_picture(content, language), _each(content))


def outside(content: ReportContent) -> tuple[Block, ...]:
    """Gases of the Montreal Protocol, biogenic CO2 and others, which no scope counts."""
    if not content.outside:
        return (Paragraph(say("results.outside_none")),)
    rows = [
        row(
            Cell(category("outside", one.category)),
            cell(one.gas),
            cell(grouped(one.gwp)),
            cell(grouped(one.mass_kg)),
            amount(one.co2e_kg),
        )
        for one in content.outside
    ]
    rows.append(total_row(Cell(say("row.total")), EMPTY, EMPTY, EMPTY, amount(content.outside_kg)))
    columns = (
        column("category", 5),
        column("gas", 3),
        figure("gwp", 2),
        figure("mass", 4),
        figure("emissions", 3),
    )
    return (table("results.outside", columns, rows),)


def _groups(content: ReportContent) -> Table:
    rows = [
        row(_gas(one.code), amount(one.direct_kg), *amounts(content, one.amount))
        for one in content.gas_groups
    ]
    direct = amount(content.scopes[0].amount.location_kg)
    rows.append(total_row(Cell(say("row.total")), direct, *amounts(content, content.whole)))
    columns = (column("group", 3), figure("direct", 3), *amount_columns(content))
    return table("results.gas_groups", columns, rows)


def _each(content: ReportContent) -> Table:
    rows = [
        row(_gas(one.gas), cell(grouped(one.gwp)), *_masses(content, one.mass), *amounts(content, one.amount))
        for one in content.gases
    ]
    keys = ("mass",) if content.one_total else ("mass_location", "mass_market")
    masses: tuple[Column, ...] = tuple(figure(key, 5) for key in keys)
    columns = (column("gas", 3), figure("gwp", 2), *masses, *amount_columns(content))
    return table("results.gases", columns, rows)


def _gas(code: str) -> Cell:
    return Cell(say("row.not_split")) if code == NOT_SPLIT else cell(code)


def _masses(content: ReportContent, mass: Amount) -> tuple[Cell, ...]:
    location = cell(grouped(mass.location_kg))
    return (location,) if content.one_total else (location, cell(grouped(mass.market_kg)))
