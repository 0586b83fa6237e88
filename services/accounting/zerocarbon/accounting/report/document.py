"""From the content to a document: head, what stands first, sections, index."""

from __future__ import annotations

from zerocarbon.accounting.report.cells import fact, share_text
from zerocarbon.accounting.report.charts.emissions import scopes_picture
from zerocarbon.accounting.report.content import ReportContent
from zerocarbon.accounting.report.sections.annexes import index, lines
from zerocarbon.accounting.report.sections.boundaries import operational, organisational
from zerocarbon.accounting.report.sections.calculation import calculation
from zerocarbon.accounting.report.sections.instruments import instruments
from zerocarbon.accounting.report.sections.principles import goals, principles, profile_name
from zerocarbon.accounting.report.sections.quality import quality
from zerocarbon.accounting.report.sections.results import results
from zerocarbon.accounting.report.sections.tracking import tracking
from zerocarbon.accounting.report.sections.verification import verification
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.bilingual import Bilingual, Language, in_language
from zerocarbon.common.documents.blocks import Block, Document, Facts, Paragraph, Section
from zerocarbon.common.documents.figures import day, span

SYNTHETIC = "(synthetic)"
"""How the source of a factor says that it was made up."""


def report_document(content: ReportContent, language: Language) -> Document:
    """The whole report in the language that was asked for."""
    facts, closed = content.facts, content.facts.closed
    period = span(closed.period.start, closed.period.end)
    superseded = facts.superseded_by is not None
    document = Document(
        title=say("document.title"),
        subtitle=say("document.subtitle", factory=facts.names.factory, period=period, version=closed.version),
        organisation=facts.names.organisation,
        status=say("document.superseded" if superseded else "document.closed"),
        status_tone="notice" if superseded else "good",
        key_facts=(
            fact("key.period", period),
            fact("key.version", str(closed.version)),
            fact("key.closed_on", day(closed.closed_at.date())),
            fact("key.profile", profile_name(content)),
        ),
        lead=_lead(content, language),
        sections=_sections(content, language),
        footer=(f"{closed.factory} / v{closed.version}", f"sha256:{closed.inventory_sha256[:16]}…"),
        sample=say("document.sample") if synthetic_factors(content) else None,
        language=language,
        contents=say("document.contents"),
    )
    return in_language(document, language)


def synthetic_factors(content: ReportContent) -> tuple[str, ...]:
    """Names of the factors that say of themselves that they are made up."""
    return tuple(one.use.factor for one in content.factors if one.use.source.endswith(SYNTHETIC))


def sections_of(content: ReportContent, language: Language) -> dict[str, Section]:
    """The sections by the name under which `index.csv` points to them, in order."""
    return {
        "principles": principles(content),
        "goals": goals(content),
        "organisational": organisational(content),
        "operational": operational(content),
        "results": results(content, language),
        "calculation": calculation(content),
        "quality": quality(content),
        "tracking": tracking(content, language),
        "instruments": instruments(content),
        "verification": verification(content),
        "lines": lines(content),
    }


def _sections(content: ReportContent, language: Language) -> tuple[Section, ...]:
    named = sections_of(content, language)
    numbers = {name: number for number, name in enumerate(named, start=1)}
    return (*named.values(), index(numbers))


def _lead(content: ReportContent, language: Language) -> tuple[Block, ...]:
    return (
        *(Paragraph(text, tone="notice") for text in report_notices(content)),
        Paragraph(say("glance.intro"), tone="quiet"),
        scopes_picture(content, language),
        _shares(content),
        Paragraph(say("glance.shares_cut"), tone="quiet"),
    )


def report_notices(content: ReportContent) -> tuple[Bilingual, ...]:
    """What a reader must know before any figure."""
    facts, found = content.facts, []
    if facts.superseded_by is not None:
        found.append(say("notice.superseded", version=facts.superseded_by))
    if any(one.withdrawn for one in facts.retirements):
        found.append(say("notice.withdrawn"))
    synthetic = synthetic_factors(content)
    if synthetic:
        found.append(say("notice.synthetic", factors=", ".join(synthetic)))
    return tuple(found)


def _shares(content: ReportContent) -> Facts:
    found = content.shares
    rows = [
        fact(
            f"glance.{name}",
            share_text(location)
            if content.one_total
            else say("glance.by_method", location=share_text(location), market=share_text(market)),
        )
        for name, (location, market) in (
            ("electricity_share", found.electricity),
            *((("scope3_share", found.scope3),) if content.scope3 else ()),
        )
    ]
    if found.renewable_electricity is not None:
        rows.append(fact("glance.renewable_share", share_text(found.renewable_electricity)))
    return Facts(tuple(rows))
