"""Certificates that were retired for the period: beside the inventory, acting on megawatt-hours only."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from zerocarbon.accounting.report.cells import EMPTY, column, figure, row, share_text, table, total_row
from zerocarbon.accounting.report.content import ReportContent
from zerocarbon.accounting.report.wording import say
from zerocarbon.accounting.store.reported import ReportedRetirement
from zerocarbon.common.documents.blocks import (
    Block,
    Cell,
    Fact,
    Facts,
    Paragraph,
    Row,
    Section,
    Table,
    cell,
    code,
)
from zerocarbon.common.documents.figures import day, grouped

LAST_DAY = timedelta(days=1)
"""Vintages are half-open in events, and printed with their last day."""


def instruments(content: ReportContent) -> Section:
    """What is optional under ISO 14064-1, marked as such."""
    retired = content.facts.retirements
    renewable = content.shares.renewable_electricity
    blocks: list[Block] = [Paragraph(say("instruments.optional"))]
    if renewable is not None:
        blocks.append(Facts((Fact(say("glance.renewable_share"), cell(share_text(renewable))),)))
    blocks.append(_certificates(retired) if retired else Paragraph(say("instruments.certificates_none")))
    blocks.append(Paragraph(say("instruments.reductions"), tone="quiet"))
    return Section(say("instruments.heading"), tuple(blocks))


def _certificates(retired: tuple[ReportedRetirement, ...]) -> Table:
    units = sum(one.fact.units for one in retired)
    rows = [_certificate(one) for one in retired]
    rows.append(total_row(Cell(say("row.total")), EMPTY, EMPTY, cell(grouped(units)), EMPTY, EMPTY))
    columns = (
        column("scheme", 3),
        column("serial", 7),
        column("project", 5),
        figure("mwh", 2),
        column("vintage", 4),
        column("retired", 5),
    )
    return table("instruments.certificates", columns, rows)


def _certificate(one: ReportedRetirement) -> Row:
    fact = one.fact
    reference = f"{day(fact.retired_on)} {fact.registry} {fact.registry_reference}"
    return row(
        cell(fact.scheme),
        code(serials(one)),
        cell(f"{one.project_name} ({fact.technology}, {fact.country})"),
        cell(grouped(Decimal(fact.units))),
        cell(f"{day(fact.vintage_start)} – {day(fact.vintage_end - LAST_DAY)}"),
        Cell(say("instruments.withdrawn_after", reference=reference), tone="bad")
        if one.withdrawn
        else cell(reference),
    )


def serials(one: ReportedRetirement) -> str:
    """The block's serial and the units of it, last one included, as registries write ranges."""
    return f"{one.fact.serial}: {one.fact.low}–{one.fact.high - 1}"
