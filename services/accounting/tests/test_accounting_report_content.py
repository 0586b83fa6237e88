"""The figures of a report: every view over the lines sums to the totals that were frozen."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from fractions import Fraction

import pytest

from zerocarbon.accounting.report.cells import share_text
from zerocarbon.accounting.report.content import ReportContent, content_of
from zerocarbon.accounting.report.grades import confidence_of, rung_of
from zerocarbon.accounting.report.mandatory import missing_contents
from zerocarbon.accounting.testing.reported import specimen
from zerocarbon.proof.line import FactorUse, InventoryLine
from zerocarbon.proof.numbers import total

PROFILES = ("ghg-protocol", "iso-14064-1", "cn-other")


@pytest.fixture(scope="module")
def content() -> ReportContent:
    return content_of(specimen())


@pytest.mark.requirement("R10", "R18")
@pytest.mark.parametrize("profile", PROFILES)
def test_every_view_sums_to_the_totals(profile: str) -> None:
    content = content_of(specimen(profile))
    totals = content.facts.closed.totals
    views = {
        "scopes": content.scopes,
        "ISO categories": content.iso,
        "ISO subcategories": content.iso_parts,
        "gas groups": content.gas_groups,
        "gases": content.gases,
        "rungs": content.rungs,
        "confidences": content.confidences,
    }
    for name, parts in views.items():
        assert total(one.amount.location_kg for one in parts) == totals.total_location, name
        assert total(one.amount.market_kg for one in parts) == totals.total_market, name
    assert total(one.amount.market_kg for one in content.carriers) == totals.scope2_market
    assert total(one.amount.location_kg for one in content.carriers) == totals.scope2_location
    assert total(kilograms for _, kilograms in content.scope1 if kilograms is not None) == totals.scope1
    assert total(one.direct_kg for one in content.gas_groups) == totals.scope1
    assert total(one.co2e_kg for one in content.scope3 if one.co2e_kg is not None) == totals.scope3
    assert total(one.co2e_kg for one in content.outside) == totals.outside
    assert len(content.gas_groups) == 8


def test_a_gas_of_the_montreal_protocol_stands_outside(content: ReportContent) -> None:
    """R22: 0.75 kg at 1,960 (IPCC AR6, table 7.SM.7) is 1,470 kg, in no scope."""
    (one,) = content.outside
    assert (one.category, one.gas, one.mass_kg, one.co2e_kg) == ("montreal", "HCFC-22", Decimal("0.75"), 1470)
    assert "HCFC-22" not in {gas.gas for gas in content.gases}


@pytest.mark.requirement("R29")
def test_the_guide_of_china_has_one_total_and_six_sources() -> None:
    content = content_of(specimen("cn-other"))
    assert content.one_total
    assert content.whole.location_kg == content.whole.market_kg
    assert [one.source.code for one in content.guide] == [
        "fossil-fuel",
        "carbonate",
        "waste-water",
        "methane-recovery",
        "co2-recovery",
        "net-energy",
    ]
    assert total(one.co2e_kg for one in content.guide) == content.whole.location_kg
    assert not content_of(specimen()).one_total


def test_a_factor_stands_once_with_all_its_lines(content: ReportContent) -> None:
    used = Counter((use.factor, use.version) for line in content.facts.lines for use in line.factors)
    assert {(one.use.factor, one.use.version): len(one.lines) for one in content.factors} == dict(used)


def factor(rung: str, confidence: str) -> FactorUse:
    use = next(use for line in specimen().lines for use in line.factors)
    return replace(use, rung=rung, confidence=confidence)  # type: ignore[arg-type]


def line(*factors: FactorUse) -> InventoryLine:
    return replace(specimen().lines[0], factors=factors)


def test_a_line_stands_where_its_weakest_factor_stands() -> None:
    own, nation, proxy = factor("measured", "approved"), factor("nation", "verified"), factor("proxy", "seed")
    assert rung_of(line(own, nation)) == "nation"
    assert rung_of(line(proxy, own)) == "proxy"
    assert rung_of(line(factor("hearsay", "verified"), proxy)) == "hearsay"
    assert rung_of(line()) == "none"
    assert confidence_of(line(own, nation)) == "verified"
    assert confidence_of(line(proxy, nation)) == "seed"


def test_rungs_run_from_the_strongest_to_the_weakest(content: ReportContent) -> None:
    assert [one.code for one in content.rungs] == [
        "none",
        "certificate",
        "supplier",
        "province",
        "nation",
        "default",
    ]


def test_upper_estimates_are_summed_apart(content: ReportContent) -> None:
    assert content.excluded_kg == Decimal("5.25")
    assert content.not_calculated_kg == Decimal("1234.5")


@pytest.mark.parametrize(
    ("share", "printed"),
    [
        (Fraction(39_999_999, 100_000_000), "39.99 %"),
        (Fraction(2, 5), "40 %"),
        (Fraction(1, 3), "33.33 %"),
        (Fraction(1), "100 %"),
        (Fraction(-1, 3), "−33.33 %"),
        (Fraction(0), "0 %"),
    ],
)
def test_shares_are_cut_and_never_rounded_up(share: Fraction, printed: str) -> None:
    assert share_text(share) == printed


def test_no_figure_is_a_binary_fraction(content: ReportContent) -> None:
    def floats(value: object, path: str) -> list[str]:
        if isinstance(value, float):
            return [path]
        if isinstance(value, list | tuple):
            return [found for item in value for found in floats(item, path)]
        if is_dataclass(value) and not isinstance(value, type):
            return [
                found
                for field in fields(value)
                for found in floats(getattr(value, field.name), f"{path}.{field.name}")
            ]
        return []

    assert floats(content, "content") == []


@pytest.mark.requirement("R177")
def test_a_report_without_one_of_the_six_contents_is_not_whole() -> None:
    facts = specimen()
    assert missing_contents(content_of(facts)) == ()
    unbounded = replace(facts, opened=facts.opened.model_copy(update={"operational_boundary": "  "}))
    assert missing_contents(content_of(unbounded)) == ("boundary and scopes",)
    unknown = replace(facts, closed=facts.closed.model_copy(update={"profile": "our-own-way"}))
    assert missing_contents(content_of(unknown)) == ("basis",)
    assert missing_contents(content_of(replace(facts, lines=()))) == ("sources", "amount")
    unsaid = tuple(replace(one, formula="") for one in facts.lines)
    assert missing_contents(content_of(replace(facts, lines=unsaid))) == ("methods",)
