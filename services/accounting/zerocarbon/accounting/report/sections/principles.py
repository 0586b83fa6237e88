"""On which principles, standards and potentials the inventory rests; for whom and when it was made."""

from __future__ import annotations

from zerocarbon.accounting.report.cells import fact
from zerocarbon.accounting.report.content import ReportContent
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.common.documents.blocks import Block, Cell, Facts, Paragraph, Section, code
from zerocarbon.common.documents.figures import day, span
from zerocarbon.contracts.base import instant_text

ISO = "ISO 14064-1"


def principles(content: ReportContent) -> Section:
    """Principles, profile, standards, statement of conformity, GWP set."""
    known = content.profile
    standards = known.standards if known else (content.facts.closed.profile,)
    rows = [
        fact("principles.profile", profile_name(content)),
        fact("principles.standards", "; ".join(standards)),
        fact("principles.conformity", say("principles.conforms")),
        fact("principles.gwp", _gwp(content)),
    ]
    blocks: list[Block] = [Paragraph(say("principles.text")), Facts(tuple(rows))]
    if not any(one.startswith(ISO) for one in standards):
        blocks.append(Paragraph(say("principles.iso_view"), tone="quiet"))
    return Section(say("principles.heading"), tuple(blocks))


def goals(content: ReportContent) -> Section:
    """Purpose, organisation, responsible persons by reference, period, knowledge date."""
    facts, closed = content.facts, content.facts.closed
    rows = (
        fact("goals.organisation", facts.names.organisation),
        fact("goals.factory", Cell(_named(facts.names.factory, closed.factory))),
        fact("goals.preparer", code(closed.preparer_id)),
        fact("goals.reviewer", code(closed.reviewer_id)),
        fact("goals.period", span(closed.period.start, closed.period.end)),
        fact("goals.time_zone", facts.time_zone),
        fact("goals.knowledge", say("goals.knowledge_text", date=day(closed.knowledge_date))),
        fact("goals.closed_at", instant_text(closed.closed_at)),
    )
    return Section(
        say("goals.heading"),
        (Paragraph(say("goals.text")), Facts(rows), Paragraph(say("goals.persons"), tone="quiet")),
    )


def profile_name(content: ReportContent) -> Bilingual:
    """The title of the profile; its code where this version of the product does not know it."""
    known = content.profile
    return same(content.facts.closed.profile) if known is None else Bilingual(known.title_zh, known.title_en)


def _gwp(content: ReportContent) -> Bilingual:
    edition, known = content.gwp_set, content.profile
    if edition is None:
        return same(content.facts.closed.gwp_set)
    said = say("principles.gwp_text", set=edition.code, source=edition.source, clause=edition.clause)
    if known is None or not known.gwp_set:
        return said
    return say("principles.gwp_forced", said=said, note=known.gwp_note)


def _named(name: Bilingual, code: str) -> Bilingual:
    return Bilingual(f"{name.zh}（{code}）", f"{name.en} ({code})")
