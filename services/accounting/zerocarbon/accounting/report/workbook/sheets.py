"""The sheets with the content of a version, line by line. Nothing is left out and nothing rounded here."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from zerocarbon.accounting.report.content import ReportContent
from zerocarbon.accounting.report.sections.boundaries import judgement, why_not_counted
from zerocarbon.accounting.report.sections.instruments import LAST_DAY, serials
from zerocarbon.accounting.report.wording import say
from zerocarbon.accounting.report.workbook.values import Digest, Figure, Line, Sheet, SheetColumn, Value
from zerocarbon.accounting.store.reported import ReportedRetirement
from zerocarbon.common.documents.bilingual import Bilingual
from zerocarbon.common.documents.vocabulary import category, term
from zerocarbon.proof.categories import relevant_by_default
from zerocarbon.proof.line import FactorUse, GasMass
from zerocarbon.proof.numbers import canonical

KG = SheetColumn("kg", 18)
KG_EXACT = SheetColumn("kg_exact", 28)


def exactly(value: Decimal | None) -> tuple[Value, Value]:
    """A figure to count with, and beside it the same with every digit."""
    return (None, None) if value is None else (Figure(value), canonical(value))


def lines_sheet(content: ReportContent) -> Sheet:
    """Each line whole."""
    names = content.facts.names
    guide = {one.source.code: Bilingual(one.source.title_zh, one.source.title_en) for one in content.guide}
    rows = [
        Line(
            (
                one.line,
                one.source,
                names.source(one.source),
                term("scope", one.scope),
                category(one.scope, one.category),
                one.iso_category,
                say("row.both") if one.basis == "both" else term("basis", one.basis),
                guide.get(one.guide_source or ""),
                *exactly(one.quantity),
                one.unit,
                one.formula,
                "\n".join(_factor(use) for use in one.factors),
                "\n".join(_gas(mass) for mass in one.gases),
                one.gwp_set,
                *exactly(one.co2e_kg),
                "\n".join(one.notes),
            )
        )
        for one in content.facts.lines
    ]
    columns = (
        SheetColumn("line", 44),
        SheetColumn("source", 20),
        SheetColumn("name", 28),
        SheetColumn("scope", 16),
        SheetColumn("category", 34),
        SheetColumn("iso", 10),
        SheetColumn("basis", 20),
        SheetColumn("guide_source", 20),
        SheetColumn("quantity", 18),
        SheetColumn("quantity_exact", 26),
        SheetColumn("unit", 10),
        SheetColumn("formula", 38),
        SheetColumn("factors", 46),
        SheetColumn("gases", 60),
        SheetColumn("gwp_set", 10),
        KG,
        KG_EXACT,
        SheetColumn("notes", 60),
    )
    return Sheet("lines", columns, tuple(rows))


def gases_sheet(content: ReportContent) -> Sheet:
    """The gases of each line."""
    rows = [
        Line((one.line, mass.gas, *exactly(mass.mass_kg), mass.gwp, *exactly(mass.co2e_kg)))
        for one in content.facts.lines
        for mass in one.gases
    ]
    columns = (
        SheetColumn("line", 44),
        SheetColumn("gas", 12),
        SheetColumn("mass", 18),
        SheetColumn("mass_exact", 28),
        SheetColumn("gwp", 12),
        KG,
        KG_EXACT,
    )
    return Sheet("gases", columns, tuple(rows))


def factors_sheet(content: ReportContent) -> Sheet:
    """Each factor once, with its source."""
    rows = [
        Line(
            (
                one.use.factor,
                one.use.version,
                *exactly(one.use.value),
                one.use.unit,
                one.use.gas,
                one.use.region,
                one.use.year,
                say.named("rung", one.use.rung),
                say.named("confidence", one.use.confidence),
                one.use.published.isoformat(),
                one.use.source,
                one.use.clause,
                "\n".join(one.lines),
            )
        )
        for one in content.factors
    ]
    columns = (
        SheetColumn("factor", 40),
        SheetColumn("version", 8),
        SheetColumn("value", 14),
        SheetColumn("value_exact", 20),
        SheetColumn("unit", 14),
        SheetColumn("gas", 10),
        SheetColumn("region", 14),
        SheetColumn("year", 8),
        SheetColumn("rung", 24),
        SheetColumn("confidence", 30),
        SheetColumn("published", 12),
        SheetColumn("origin", 60),
        SheetColumn("clause", 50),
        SheetColumn("used_by", 46),
    )
    return Sheet("factors", columns, tuple(rows))


def coverage_sheet(content: ReportContent) -> Sheet:
    """Intervals by meter."""
    rows = [
        Line(
            (
                one.meter,
                one.source,
                content.facts.names.source(one.source),
                one.interval_seconds,
                one.expected,
                one.read,
            )
        )
        for one in content.facts.closed.coverage
    ]
    columns = (
        SheetColumn("meter", 24),
        SheetColumn("source", 24),
        SheetColumn("name", 34),
        SheetColumn("interval", 14),
        SheetColumn("expected", 12),
        SheetColumn("read", 12),
    )
    return Sheet("coverage", columns, tuple(rows))


def exclusions_sheet(content: ReportContent) -> Sheet:
    """Sources left out, with upper estimates and approvers."""
    rows = [
        Line(
            (
                one.source,
                content.facts.names.source(one.source),
                one.reason,
                *exactly(one.estimate_kg),
                Digest(one.approver_id),
            )
        )
        for one in content.facts.closed.exclusions
    ]
    columns = (
        SheetColumn("source", 24),
        SheetColumn("name", 34),
        SheetColumn("reason", 60),
        SheetColumn("estimate", 18),
        SheetColumn("estimate_exact", 26),
        SheetColumn("approver", 40),
    )
    return Sheet("exclusions", columns, tuple(rows))


def not_counted_sheet(content: ReportContent) -> Sheet:
    """Registered sources that the profile leaves out."""
    rows = [
        Line(
            (
                one.source,
                content.facts.names.source(one.source),
                one.kind,
                term("scope", one.scope),
                *exactly(one.quantity),
                one.unit,
                why_not_counted(content, one),
            )
        )
        for one in content.facts.closed.not_counted or []
    ]
    columns = (
        SheetColumn("source", 24),
        SheetColumn("name", 34),
        SheetColumn("kind", 22),
        SheetColumn("scope", 16),
        SheetColumn("quantity", 18),
        SheetColumn("quantity_exact", 26),
        SheetColumn("unit", 10),
        SheetColumn("reason", 70),
    )
    return Sheet("not_counted", columns, tuple(rows))


def screening_sheet(content: ReportContent) -> Sheet:
    """The answers to the scope 3 categories."""
    default = relevant_by_default()
    rows = [
        Line(
            (
                one.answer.category,
                category("3", str(one.answer.category)),
                say("row.yes") if one.answer.category in default else None,
                say.named("state", one.answer.state),
                *exactly(one.co2e_kg),
                *exactly(one.answer.estimate_kg),
                one.answer.reason,
                judgement(one.answer.significance) if one.answer.significance is not None else None,
            )
        )
        for one in content.scope3
    ]
    columns = (
        SheetColumn("number", 8),
        SheetColumn("category", 44),
        SheetColumn("relevance", 14),
        SheetColumn("state", 28),
        KG,
        KG_EXACT,
        SheetColumn("estimate", 18),
        SheetColumn("estimate_exact", 26),
        SheetColumn("reason", 70),
        SheetColumn("significance", 60),
    )
    return Sheet("screening", columns, tuple(rows))


def certificates_sheet(content: ReportContent) -> Sheet:
    """Certificates that were retired for the period, block by block."""
    rows = [Line(tuple(_certificate(one))) for one in content.facts.retirements]
    columns = (
        SheetColumn("scheme", 12),
        SheetColumn("registry", 14),
        SheetColumn("serial", 40),
        SheetColumn("mwh", 12),
        SheetColumn("project", 34),
        SheetColumn("technology", 18),
        SheetColumn("country", 10),
        SheetColumn("vintage_start", 14),
        SheetColumn("vintage_end", 14),
        SheetColumn("retired_on", 14),
        SheetColumn("reference", 30),
        SheetColumn("withdrawn", 16),
    )
    return Sheet("certificates", columns, tuple(rows))


def causes_sheet(content: ReportContent) -> Sheet:
    """What each cause of a restatement moved, line by line."""
    found = content.facts.closed.attribution
    rows = [
        Line((say.named("cause", part.cause), moved.line, *exactly(moved.co2e_kg)))
        for part in (found.parts if found is not None else ())
        for moved in part.lines
    ]
    columns = (SheetColumn("cause", 24), SheetColumn("line", 44), KG, KG_EXACT)
    return Sheet("causes", columns, tuple(rows))


def _certificate(one: ReportedRetirement) -> Iterable[Value]:
    fact = one.fact
    yield from (fact.scheme, fact.registry, serials(one), fact.units, one.project_name)
    yield from (fact.technology, fact.country)
    yield from (fact.vintage_start.isoformat(), (fact.vintage_end - LAST_DAY).isoformat())
    yield from (fact.retired_on.isoformat(), fact.registry_reference)
    yield say("instruments.withdrawn") if one.withdrawn else None


def _factor(use: FactorUse) -> str:
    return f"{use.factor} v{use.version} = {canonical(use.value)} {use.unit}"


def _gas(mass: GasMass) -> str:
    return (
        f"{canonical(mass.mass_kg)} kg {mass.gas} × {canonical(mass.gwp)} = {canonical(mass.co2e_kg)} kg CO2e"
    )
