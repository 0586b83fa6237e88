"""The inventory over time: base year, versions, and why one superseded another."""

from __future__ import annotations

from zerocarbon.accounting.report.cells import (
    EMPTY,
    NONE,
    amount_columns,
    amounts,
    column,
    fact,
    figure,
    row,
    short_digest,
    table,
    total_row,
)
from zerocarbon.accounting.report.charts.emissions import causes_picture
from zerocarbon.accounting.report.content import ReportContent
from zerocarbon.accounting.report.facts import Amount
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.bilingual import Language
from zerocarbon.common.documents.blocks import Block, Cell, Facts, Paragraph, Row, Section, Table, cell
from zerocarbon.common.documents.figures import day, grouped


def tracking(content: ReportContent, language: Language) -> Section:
    """That there is no base year, how this version came to be, and why its figures differ."""
    closed = content.facts.closed
    facts = [fact("tracking.base_year", say("tracking.base_year_none"))]
    blocks: list[Block] = []
    if closed.restatement_reason is None:
        blocks.append(Paragraph(say("tracking.first")))
    else:
        facts.append(fact("tracking.reason", closed.restatement_reason))
    blocks += [_history(content), *_causes(content), *causes_picture(content, language)]
    blocks += [Paragraph(say("tracking.immutable"), tone="quiet")]
    return Section(say("tracking.heading"), (Facts(tuple(facts)), *blocks))


def _causes(content: ReportContent) -> tuple[Block, ...]:
    """What each cause contributes to the difference from the version before; the parts sum to it exactly."""
    causes, frozen = content.attribution, content.facts.closed.attribution
    if causes is None or frozen is None:
        return ()
    rows = [_sum_row(content, "row.before", causes.before)]
    rows += [
        row(
            Cell(say.named("cause", shown.code)),
            *amounts(content, shown.amount),
            cell(str(len(part.lines))),
            NONE if part.facts is None else cell(grouped(part.facts)),
            cell(part.note) if part.note else NONE,
        )
        for shown, part in zip(causes.parts, frozen.parts, strict=True)
    ]
    rows += [
        _sum_row(content, "row.difference", causes.difference),
        _sum_row(content, "row.now", content.whole),
    ]
    columns = (
        column("cause", 4),
        *amount_columns(content),
        figure("used_by", 2),
        figure("facts", 2),
        column("note", 5),
    )
    return (table("tracking.causes", columns, rows), Paragraph(say("tracking.causes_text"), tone="quiet"))


def _sum_row(content: ReportContent, key: str, found: Amount) -> Row:
    return total_row(Cell(say(key)), *amounts(content, found), EMPTY, EMPTY, EMPTY)


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
