"""How figures were computed: methods, formulas, factors with their sources, and how good those are."""

from __future__ import annotations

import re

from zerocarbon.accounting.report.cells import column, figure, row, table
from zerocarbon.accounting.report.content import Part, ReportContent, UsedFactor
from zerocarbon.accounting.report.sections.results import parts_table, whole_row
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.blocks import (
    Cell,
    Column,
    Fact,
    Facts,
    Paragraph,
    Row,
    Section,
    Table,
    cell,
    code,
)
from zerocarbon.common.documents.figures import grouped

_DIGEST = re.compile(r"[0-9a-f]{64}")


def calculation(content: ReportContent) -> Section:
    """Methods, formulas, factors, and the share of emissions by rung."""
    formulas = sorted({line.formula for line in content.facts.lines})
    return Section(
        say("calculation.heading"),
        (
            Paragraph(say("calculation.text")),
            Paragraph(say("calculation.changes"), tone="quiet"),
            Facts(tuple(Fact(say.named("formula", one), code(one)) for one in formulas)),
            _factors(content),
            graded_table("calculation.rungs", "rung", content.rungs, content),
            Paragraph(say("calculation.rungs_text"), tone="quiet"),
        ),
    )


def graded_table(caption: str, group: str, parts: tuple[Part, ...], content: ReportContent) -> Table:
    """Emissions by the grade of their factor."""
    named = [(say.named(group, one.code), one) for one in parts]
    return parts_table(content, caption, group, named, whole_row(content))


def _factors(content: ReportContent) -> Table:
    columns: tuple[Column, ...] = (
        column("factor", 5),
        figure("value", 4),
        column("place", 3),
        column("rung", 3),
        column("confidence", 3),
        column("origin", 8),
        figure("used_by", 2),
    )
    return table("calculation.factors", columns, [_factor(one) for one in content.factors])


def _factor(one: UsedFactor) -> Row:
    use = one.use
    return row(
        code(f"{use.factor} v{use.version}"),
        cell(f"{grouped(use.value)} {use.unit}"),
        cell(f"{use.region} {use.year or ''}".strip()),
        Cell(say.named("rung", use.rung)),
        Cell(say.named("confidence", use.confidence)),
        cell(_short(f"{use.source}; {use.clause}; {use.published.isoformat()}")),
        cell(str(len(one.lines))),
    )


def _short(text: str) -> str:
    """Digests by their first digits: a whole one fits no column. The workbook has them whole."""
    return _DIGEST.sub(lambda found: f"{found[0][:12]}…", text)
