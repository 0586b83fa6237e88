"""What the inventory comes to: by scope, category, class, carrier and gas; and what stands outside."""

from __future__ import annotations

from collections.abc import Iterable

from zerocarbon.accounting.report.cells import (
    EMPTY,
    NONE,
    amount,
    amount_columns,
    amounts,
    column,
    figure,
    row,
    share_columns,
    share_text,
    shares,
    table,
    total_row,
)
from zerocarbon.accounting.report.charts.emissions import scope3_picture
from zerocarbon.accounting.report.content import Part, ReportContent
from zerocarbon.accounting.report.facts import Amount
from zerocarbon.accounting.report.sections.gases import gases, outside
from zerocarbon.accounting.report.sections.purchase import purchase
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.bilingual import Bilingual, Language
from zerocarbon.common.documents.blocks import Block, Cell, Column, Paragraph, Row, Section, Table, cell
from zerocarbon.common.documents.vocabulary import category, iso_category, term


def results(content: ReportContent, language: Language) -> Section:
    """All views over the lines, each with its total."""
    blocks: tuple[Block, ...] = (
        _scopes(content),
        *_headline(content),
        *_guide(content),
        _iso(content),
        _scope1(content),
        *_scope2(content),
        *_scope3(content, language),
        *gases(content, language),
        *outside(content),
        Paragraph(say("results.removals")),
        *purchase(content, language),
    )
    return Section(say("results.heading"), blocks)


def parts_table(
    content: ReportContent, caption: str, key: str, named: Iterable[tuple[Bilingual, Part]], total: Row
) -> Table:
    """Named parts with their amounts and shares, and the row that they sum to."""
    rows = [
        row(Cell(name), *amounts(content, part.amount), *shares(content, part.amount)) for name, part in named
    ]
    return table(caption, _columns(content, column(key, 4)), [*rows, total])


def whole_row(content: ReportContent, *more: Cell) -> Row:
    """The total of scopes 1, 2 and 3."""
    return _sum_row(content, say("row.total"), content.whole, *more)


def _sum_row(content: ReportContent, name: Bilingual, found: Amount, *more: Cell) -> Row:
    return total_row(Cell(name), *more, *amounts(content, found), *shares(content, found))


def _columns(content: ReportContent, *first: Column) -> tuple[Column, ...]:
    return (*first, *amount_columns(content), *share_columns(content))


def _scopes(content: ReportContent) -> Table:
    rows = [
        row(Cell(term("scope", one.code)), *amounts(content, one.amount), *shares(content, one.amount))
        for one in content.scopes
    ]
    beside = Amount(content.outside_kg, content.outside_kg)
    nothing = [NONE] * len(share_columns(content))
    rows += [
        whole_row(content),
        row(Cell(say("row.outside"), tone="quiet"), *amounts(content, beside), *nothing),
    ]
    return table("glance.caption", _columns(content, column("scope", 4)), rows)


def _headline(content: ReportContent) -> tuple[Paragraph, ...]:
    known = content.profile
    if known is None or len(known.headline) > 1:
        return ()
    return (Paragraph(say(f"results.headline_{known.headline[0]}")),)


def _guide(content: ReportContent) -> tuple[Table, ...]:
    """The emission sources of a national guide, where the profile follows one (R29, R30)."""
    if not content.guide:
        return ()
    rows = [
        row(
            Cell(Bilingual(one.source.title_zh, one.source.title_en)),
            amount(one.co2e_kg) if one.state == "present" else Cell(say("row.absent"), tone="quiet"),
            *shares(content, Amount(one.co2e_kg, one.co2e_kg)),
        )
        for one in content.guide
    ]
    rows.append(whole_row(content))
    return (table("results.guide", _columns(content, column("guide_source", 6)), rows),)


def _iso(content: ReportContent) -> Table:
    rows: list[Row] = []
    for one in content.iso:
        rows.append(_iso_row(content, one, Cell(iso_category(one.code))))
        rows += [
            _iso_row(content, part, Cell(iso_category(part.code), tone="quiet"))
            for part in content.iso_parts
            if part.code.startswith(f"{one.code}.")
        ]
    rows.append(whole_row(content, EMPTY))
    return table("results.iso", _columns(content, column("iso", 2), column("name", 6)), rows)


def _iso_row(content: ReportContent, part: Part, name: Cell) -> Row:
    return row(cell(part.code), name, *amounts(content, part.amount), *shares(content, part.amount))


def _scope1(content: ReportContent) -> Table:
    nothing = [NONE] * len(share_columns(content))
    rows = [
        row(Cell(category("1", code)), Cell(say("row.not_present"), tone="quiet"), *nothing)
        if kilograms is None
        else row(Cell(category("1", code)), amount(kilograms), *shares(content, Amount(kilograms, kilograms)))
        for code, kilograms in content.scope1
    ]
    whole = content.scopes[0].amount
    rows.append(total_row(Cell(term("scope", "1")), amount(whole.location_kg), *shares(content, whole)))
    columns = (column("category", 4), figure("emissions", 3), *share_columns(content))
    return table("results.scope1", columns, rows)


def _scope2(content: ReportContent) -> tuple[Block, ...]:
    named = [(category("2", one.code), one) for one in content.carriers]
    total = _sum_row(content, term("scope", "2"), content.scopes[1].amount)
    shown: list[Block] = [parts_table(content, "results.scope2", "category", named, total)]
    if not content.one_total:
        shown.append(Paragraph(say("results.scope2_text"), tone="quiet"))
    return tuple(shown)


def _scope3(content: ReportContent, language: Language) -> tuple[Block, ...]:
    if not content.scope3:
        return ()
    rows = [
        row(
            Cell(category("3", str(one.answer.category))),
            amount(one.co2e_kg),
            *shares(content, Amount(one.co2e_kg, one.co2e_kg)),
        )
        for one in content.scope3
        if one.co2e_kg is not None
    ]
    whole = content.scopes[2].amount
    rows.append(total_row(Cell(term("scope", "3")), amount(whole.location_kg), *shares(content, whole)))
    columns = (column("category", 6), figure("emissions", 3), *share_columns(content))
    return (
        table("results.scope3", columns, rows),
        *scope3_picture(content, language),
        Paragraph(_target(content)),
    )


def _target(content: ReportContent) -> Bilingual:
    location, market = content.shares.scope3
    due = any(content.shares.scope3_target_due)
    return say(
        "results.target",
        location=share_text(location),
        market=share_text(market),
        due=say("results.target_due" if due else "results.target_not_due"),
    )
