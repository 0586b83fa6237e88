"""The organisational and the operational boundary: what is in, what was screened, what is left out."""

from __future__ import annotations

from zerocarbon.accounting.report.cells import (
    EMPTY,
    NONE,
    amount,
    column,
    fact,
    figure,
    optional_amount,
    row,
    share,
    table,
    total_row,
)
from zerocarbon.accounting.report.content import ReportContent, Screened
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.common.documents.blocks import Block, Cell, Facts, Paragraph, Row, Section, Table, cell, code
from zerocarbon.common.documents.figures import grouped
from zerocarbon.common.documents.vocabulary import category, term
from zerocarbon.contracts.inventory import NotCounted, Significance
from zerocarbon.proof.categories import relevant_by_default
from zerocarbon.proof.numbers import total


def organisational(content: ReportContent) -> Section:
    """The factory, where it is, and how it is consolidated."""
    facts = content.facts
    rows = (
        fact("goals.factory", facts.names.factory),
        fact("organisational.place", _place(content)),
        fact("organisational.consolidation", term("consolidation", facts.closed.consolidation)),
    )
    return Section(
        say("organisational.heading"), (Facts(rows), Paragraph(say("organisational.text"), tone="quiet"))
    )


def operational(content: ReportContent) -> Section:
    """The boundary as it was stated, the sources in it, the screening, and what was left out."""
    opened = content.facts.opened
    scopes = [term("scope", scope) for scope in opened.scopes]
    rows = (
        fact("operational.statement", opened.operational_boundary),
        fact(
            "operational.scopes",
            Bilingual("、".join(one.zh for one in scopes), ", ".join(one.en for one in scopes)),
        ),
    )
    return Section(
        say("operational.heading"),
        (Facts(rows), _sources(content), *_screening(content), *_exclusions(content), *_not_counted(content)),
    )


def _place(content: ReportContent) -> Bilingual:
    facts = content.facts
    return say("organisational.place_text", country=facts.country, region=facts.grid_region)


def _sources(content: ReportContent) -> Table:
    """Every source that has a line: where it stands under both classifications."""
    found = sorted(
        {(line.source, line.scope, line.category, line.iso_category) for line in content.facts.lines}
    )
    rows = [
        row(
            code(source),
            Cell(content.facts.names.source(source)),
            Cell(term("scope", scope)),
            Cell(category(scope, name)),
            cell(iso) if scope != "outside" else NONE,
        )
        for source, scope, name, iso in found
    ]
    columns = (
        column("source", 3),
        column("name", 4),
        column("scope", 2),
        column("category", 5),
        column("iso", 2),
    )
    return table("operational.sources", columns, rows)


def _screening(content: ReportContent) -> tuple[Block, ...]:
    if not content.scope3:
        return (Paragraph(say("operational.screening_none")),)
    judged = any(one.answer.significance is not None for one in content.scope3)
    rows = [_answer(one, judged) for one in content.scope3]
    columns = (
        column("category", 6),
        column("relevance", 2),
        column("state", 3),
        figure("calculated", 3),
        figure("estimate", 3),
        column("reason", 6),
        *((column("significance", 6),) if judged else ()),
    )
    return (
        Paragraph(say("operational.significance")),
        table("operational.screening", columns, rows),
    )


def _answer(one: Screened, judged: bool) -> Row:
    answer = one.answer
    return row(
        Cell(category("3", str(answer.category))),
        Cell(say("row.yes")) if answer.category in relevant_by_default() else NONE,
        Cell(say.named("state", answer.state)),
        optional_amount(one.co2e_kg),
        optional_amount(answer.estimate_kg),
        cell(answer.reason) if answer.reason else NONE,
        *((Cell(judgement(answer.significance)),) if judged else ()),
    )


def judgement(found: Significance | None) -> Bilingual:
    """Whether indirect emissions are significant, by which criteria and why (ISO 14064-1:2018, annex H)."""
    if found is None:
        return say("row.none")
    criteria = [say.named("criterion", one) for one in found.criteria]
    return say(
        "operational.judged",
        judgement=say("operational.significant" if found.significant else "operational.not_significant"),
        criteria=Bilingual("、".join(one.zh for one in criteria), ", ".join(one.en for one in criteria)),
        reason=found.reason,
    )


def _not_counted(content: ReportContent) -> tuple[Table, ...]:
    """Registered sources that the profile leaves out, wherever they would stand under the GHG Protocol."""
    left_out = content.facts.closed.not_counted or []
    if not left_out:
        return ()
    rows = [
        row(
            code(one.source),
            Cell(content.facts.names.source(one.source)),
            Cell(term("scope", one.scope)),
            NONE if one.quantity is None else cell(f"{grouped(one.quantity)} {one.unit}"),
            Cell(why_not_counted(content, one)),
        )
        for one in left_out
    ]
    columns = (
        column("source", 3),
        column("name", 4),
        column("scope", 2),
        figure("quantity", 3),
        column("reason", 7),
    )
    return (table("operational.not_counted", columns, rows),)


def why_not_counted(content: ReportContent, one: NotCounted) -> Bilingual:
    """The reason as it was frozen, and in Chinese where the profile still gives the same one."""
    known = content.profile
    for uncounted in known.uncounted.values() if known is not None else ():
        if uncounted.reason_en == one.reason:
            return Bilingual(uncounted.reason_zh, one.reason)
    return same(one.reason)


def _exclusions(content: ReportContent) -> tuple[Block, ...]:
    left_out = content.facts.closed.exclusions
    if not left_out:
        return (Paragraph(say("operational.exclusions_none")),)
    everything = total((content.whole.location_kg, content.excluded_kg, content.not_calculated_kg))
    rows: list[Row] = [
        row(
            code(one.source),
            Cell(content.facts.names.source(one.source)),
            cell(one.reason),
            amount(one.estimate_kg),
            share(one.estimate_kg, everything),
            code(one.approver_id),
        )
        for one in left_out
    ]
    rows.append(
        total_row(
            Cell(say("row.excluded")),
            EMPTY,
            EMPTY,
            amount(content.excluded_kg),
            share(content.excluded_kg, everything),
            EMPTY,
        )
    )
    columns = (
        column("source", 3),
        column("name", 3),
        column("reason", 5),
        figure("estimate", 3),
        figure("estimate_share", 2),
        column("approver", 4),
    )
    return (table("operational.exclusions", columns, rows),)
