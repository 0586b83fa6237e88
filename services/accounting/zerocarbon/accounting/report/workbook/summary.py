"""The first sheet: what the version is, and what it comes to under every view, each figure whole."""

from __future__ import annotations

from collections.abc import Iterator

from zerocarbon.accounting.report.content import Part, ReportContent
from zerocarbon.accounting.report.document import report_notices
from zerocarbon.accounting.report.facts import Amount
from zerocarbon.accounting.report.sections.principles import profile_name
from zerocarbon.accounting.report.wording import say
from zerocarbon.accounting.report.workbook.sheets import exactly
from zerocarbon.accounting.report.workbook.values import Digest, Line, Sheet, SheetColumn, Value
from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.common.documents.figures import day, span
from zerocarbon.common.documents.vocabulary import category, iso_category, term
from zerocarbon.contracts.base import instant_text
from zerocarbon.proof.inventory import NOT_SPLIT

FIRST = (SheetColumn("item", 44), SheetColumn("text", 70))
ONE_TOTAL = (SheetColumn("kg", 22), SheetColumn("kg_exact", 30))
TWO_METHODS = (
    SheetColumn("location", 22),
    SheetColumn("location_exact", 30),
    SheetColumn("market", 22),
    SheetColumn("market_exact", 30),
)


def summary_sheet(content: ReportContent) -> Sheet:
    """Facts first, then figures by view."""
    columns = (*FIRST, *(ONE_TOTAL if content.one_total else TWO_METHODS))
    # Where the profile knows one total, the second of two equal figures falls away with its column.
    figures = (Line(line.values[: len(columns)], line.strong) for line in _figures(content))
    return Sheet("summary", columns, (*_facts(content), *figures))


def _facts(content: ReportContent) -> Iterator[Line]:
    facts, closed = content.facts, content.facts.closed
    yield Line((say("document.title"),), strong=True)
    for notice in report_notices(content):
        yield Line((say("document.notice"), notice), strong=True)
    told: tuple[tuple[str, Value], ...] = (
        ("goals.organisation", facts.names.organisation),
        ("goals.factory", facts.names.factory),
        ("key.period", span(closed.period.start, closed.period.end)),
        ("key.version", closed.version),
        ("tracking.reason", closed.restatement_reason),
        ("goals.closed_at", instant_text(closed.closed_at)),
        ("goals.knowledge", day(closed.knowledge_date)),
        ("principles.profile", profile_name(content)),
        ("organisational.consolidation", term("consolidation", closed.consolidation)),
        ("operational.statement", facts.opened.operational_boundary),
        ("cell.gwp_set", closed.gwp_set),
        ("goals.preparer", Digest(closed.preparer_id)),
        ("goals.reviewer", Digest(closed.reviewer_id)),
        ("tracking.base_year", say("tracking.base_year_none")),
        ("quality.uncertainty", say("quality.uncertainty_none")),
        ("verification.inventory_id", Digest(closed.inventory_id)),
        ("verification.inventory", Digest(f"sha256:{closed.inventory_sha256}")),
        ("verification.lines", Digest(f"inventory-lines sha256:{closed.lines_sha256}")),
        ("verification.root", Digest(f"sha256:{closed.readings_root}")),
        ("quality.readings", closed.readings_count),
    )
    for key, value in told:
        if value is not None:
            yield Line((say(key), value))


def _figures(content: ReportContent) -> Iterator[Line]:
    whole = _figure(say("row.total"), content.whole, strong=True)
    yield _heading("glance.caption")
    yield from (_figure(term("scope", one.code), one.amount) for one in content.scopes)
    yield whole
    yield _figure(say("row.outside"), Amount(content.outside_kg, content.outside_kg))
    if content.guide:
        yield _heading("results.guide")
        for source in content.guide:
            name = Bilingual(source.source.title_zh, source.source.title_en)
            yield _figure(name, Amount(source.co2e_kg, source.co2e_kg))
        yield whole
    yield _heading("results.iso")
    for one in content.iso:
        name = iso_category(one.code)
        yield _figure(Bilingual(f"{one.code} {name.zh}", f"{one.code} {name.en}"), one.amount)
    yield whole
    yield _heading("results.scope1")
    for code, kilograms in content.scope1:
        if kilograms is None:
            yield Line((category("1", code), say("row.not_present")))
        else:
            yield _figure(category("1", code), Amount(kilograms, kilograms))
    yield from _parts("results.scope2", [(category("2", one.code), one) for one in content.carriers])
    yield _heading("results.scope3")
    for screened in content.scope3:
        if screened.co2e_kg is not None:
            category_name = category("3", str(screened.answer.category))
            yield _figure(category_name, Amount(screened.co2e_kg, screened.co2e_kg))
    yield _heading("results.gas_groups")
    for group in content.gas_groups:
        yield _figure(say("row.not_split") if group.code == NOT_SPLIT else same(group.code), group.amount)
    yield whole
    yield from _parts("calculation.rungs", [(say.named("rung", one.code), one) for one in content.rungs])
    yield whole
    yield from _parts(
        "quality.confidences", [(say.named("confidence", one.code), one) for one in content.confidences]
    )
    yield whole


def _parts(heading: str, parts: list[tuple[Bilingual, Part]]) -> Iterator[Line]:
    yield _heading(heading)
    yield from (_figure(name, part.amount) for name, part in parts)


def _heading(key: str) -> Line:
    return Line((say(key),), strong=True)


def _figure(name: Bilingual, amount: Amount, *, strong: bool = False) -> Line:
    return Line((name, None, *exactly(amount.location_kg), *exactly(amount.market_kg)), strong)
