"""The inventory over time: base year, versions, and why one superseded another."""

from __future__ import annotations

from zerocarbon.accounting.report.cells import (
    NONE,
    amount_columns,
    amounts,
    column,
    fact,
    row,
    short_digest,
    table,
)
from zerocarbon.accounting.report.content import ReportContent
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.blocks import Block, Facts, Paragraph, Section, Table, cell
from zerocarbon.common.documents.figures import day


def tracking(content: ReportContent) -> Section:
    """That there is no base year, and how this version came to be."""
    closed = content.facts.closed
    facts = [fact("tracking.base_year", say("tracking.base_year_none"))]
    blocks: list[Block] = []
    if closed.restatement_reason is None:
        blocks.append(Paragraph(say("tracking.first")))
    else:
        facts.append(fact("tracking.reason", closed.restatement_reason))
    blocks += [_history(content), Paragraph(say("tracking.immutable"), tone="quiet")]
    return Section(say("tracking.heading"), (Facts(tuple(facts)), *blocks))


def _history(content: ReportContent) -> Table:
    rows = [
        row(
            cell(str(one.version)),
            cell(day(one.closed_on)),
            cell(one.reason) if one.reason else NONE,
            *amounts(content, one.total),
            short_digest(one.inventory_sha256),
        )
        for one in content.facts.history
    ]
    columns = (
        column("version", 1),
        column("closed_on", 2),
        column("reason", 5),
        *amount_columns(content),
        column("hash", 3),
    )
    return table("tracking.history", columns, rows)
