"""Purchased electricity over the period: by month, and by hour as a heat map."""

from __future__ import annotations

from zerocarbon.accounting.report.cells import column, figure, row, share, table, total_row
from zerocarbon.accounting.report.charts.electricity import hours_picture, months_picture
from zerocarbon.accounting.report.content import ReportContent
from zerocarbon.accounting.report.facts import Purchase
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.bilingual import Language
from zerocarbon.common.documents.blocks import Block, Cell, Paragraph, Table, cell
from zerocarbon.common.documents.figures import grouped
from zerocarbon.proof.numbers import total


def purchase(content: ReportContent, language: Language) -> tuple[Block, ...]:
    """Months as a chart and with every digit; hours as a heat map where readings are fine enough."""
    found = content.facts.purchase
    if found is None:
        return (Paragraph(say("results.purchase_differs"), tone="quiet"),)
    blocks: list[Block] = []
    if len(found.months) > 1:
        blocks.append(months_picture(found))
    if found.months:
        blocks.append(_months(found))
    if found.hours:
        blocks.append(hours_picture(found, language))
    if found.unallocated_mwh:
        blocks.append(Paragraph(say("results.unallocated", mwh=grouped(found.unallocated_mwh)), tone="quiet"))
    return tuple(blocks)


def _months(found: Purchase) -> Table:
    whole = total(mwh for _, mwh in found.months)
    rows = [row(cell(f"{month:%Y-%m}"), cell(grouped(mwh)), share(mwh, whole)) for month, mwh in found.months]
    rows.append(total_row(Cell(say("row.total")), cell(grouped(whole)), share(whole, whole)))
    return table("results.purchase", (column("month"), figure("mwh"), figure("share")), rows)
