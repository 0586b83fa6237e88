"""How good the data are, and what is not known about them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from zerocarbon.accounting.report.cells import column, fact, figure, row, share, table
from zerocarbon.accounting.report.content import ReportContent
from zerocarbon.accounting.report.sections.calculation import graded_table
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.blocks import Block, Cell, Facts, Paragraph, Section, Table, cell, code
from zerocarbon.common.documents.figures import day, grouped
from zerocarbon.contracts.inventory import MeterCoverage
from zerocarbon.proof import formulas


def quality(content: ReportContent) -> Section:
    """Coverage, what lines disclose, and that uncertainty is not quantified."""
    closed = content.facts.closed
    rows = (
        fact("goals.knowledge", say("goals.knowledge_text", date=day(closed.knowledge_date))),
        fact("quality.readings", say("quality.readings_text", count=grouped(closed.readings_count))),
        fact("quality.uncertainty", say("quality.uncertainty_none")),
    )
    return Section(
        say("quality.heading"),
        (
            Facts(rows),
            *_coverage(content),
            Paragraph(say("quality.origins"), tone="quiet"),
            graded_table("quality.confidences", "confidence", content.confidences, content),
            *_notes(content),
        ),
    )


def _coverage(content: ReportContent) -> tuple[Block, ...]:
    meters = content.facts.closed.coverage
    if not meters:
        return (Paragraph(say("quality.coverage_none")),)
    columns = (
        column("meter", 3),
        column("source", 3),
        column("name", 4),
        figure("interval", 2),
        figure("expected", 2),
        figure("read", 2),
        figure("coverage", 2),
    )
    rows = [
        row(
            code(one.meter),
            code(one.source),
            Cell(content.facts.names.source(one.source)),
            cell(str(timedelta(seconds=one.interval_seconds))),
            cell(grouped(one.expected)),
            cell(grouped(one.read)),
            _covered(one),
        )
        for one in meters
    ]
    return (table("quality.coverage", columns, rows),)


def _covered(meter: MeterCoverage) -> Cell:
    return share(Decimal(meter.read), Decimal(meter.expected))


def _notes(content: ReportContent) -> tuple[Table, ...]:
    """What lines disclose, once each; the certificates of a line have a table of their own."""
    found = Counter(
        note for line in content.facts.lines for note in line.notes if line.formula != formulas.CERTIFICATES
    )
    if not found:
        return ()
    rows = [row(cell(note), cell(str(count))) for note, count in sorted(found.items())]
    return (table("quality.notes", (column("note", 12), figure("used_by", 2)), rows),)
