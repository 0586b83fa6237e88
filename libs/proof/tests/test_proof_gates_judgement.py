"""Coverage, reduction, verification, credits and the neutrality test, gate by gate; and the way on."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from zerocarbon.proof.gates import coverage, figures, iso14068, offsets, pas2060, reduction, verification
from zerocarbon.proof.gates.claim import Basis, ClaimFacts, EarlierPeriod, LeftOut, Measure, SourceSize
from zerocarbon.proof.gates.prospect import Prospect, prospect
from zerocarbon.proof.gates.standard import Standard, evaluate
from zerocarbon.proof.period import Period
from zerocarbon.proof.testing.claims import (
    CREDITS,
    EMISSIONS,
    INVENTORY,
    OPINION,
    PLAN,
    YEAR_2025,
    passing_claim,
    tonnes,
)

CLAUSE = "R0"
PAS, ISO = pas2060.STANDARD, iso14068.STANDARD


def leaving_out(*left: LeftOut) -> ClaimFacts:
    return replace(passing_claim(), inventory=replace(INVENTORY, left_out=left))


def crediting(**changes: object) -> ClaimFacts:
    changed = replace(CREDITS, **changes)  # type: ignore[arg-type]
    return replace(passing_claim(), credits=(changed,))


def failing(standard: Standard, facts: ClaimFacts) -> list[str]:
    return [gate.gate for gate in evaluate(standard, facts).gates if not gate.passed]


def test_nothing_of_scopes_1_and_2_may_be_left_out() -> None:
    assert failing(PAS, leaving_out(LeftOut("SF6", "1", Decimal(1)))) == ["scopes-1-and-2"]
    assert failing(ISO, leaving_out(LeftOut("steam", "2", Decimal(1)))) == ["scopes-1-and-2"]


def test_a_source_of_unknown_size_is_never_small() -> None:
    facts = leaving_out(LeftOut("commuting", "3", None))
    assert failing(PAS, facts) == ["one-percent", "ninety-five-percent"]
    assert failing(ISO, facts) == ["significance"]


def test_a_dominant_source_lifts_the_rule_to_the_rest() -> None:
    sources = (SourceSize("wafers", "3", tonnes(90)), SourceSize("gas", "1", tonnes(10)))
    inventory = replace(INVENTORY, sources=sources, emissions=tonnes(100))
    left = tuple(LeftOut(f"source-{number}", "3", Decimal(900)) for number in range(2))
    facts = replace(passing_claim(), inventory=replace(inventory, left_out=left))
    assert coverage.ninety_five_percent(facts, clause=CLAUSE, basis="market").passed
    result = coverage.remainder(facts, clause=CLAUSE, basis="market")
    assert not result.passed
    assert result.found == (
        "beside source wafers, 84.75 % of the rest of the market-based total including estimates of what is"
        " left out is covered"
    )


def test_significance_stops_above_five_percent() -> None:
    within = leaving_out(LeftOut("commuting", "3", Decimal(6_800)))
    above = leaving_out(LeftOut("commuting", "3", Decimal(6_900)))
    assert coverage.significance(within, clause=CLAUSE, basis="location").passed
    assert not coverage.significance(above, clause=CLAUSE, basis="location").passed


@pytest.mark.requirement("R42")
@pytest.mark.parametrize(
    "measure",
    [
        Measure("planned", "1", Decimal(9)),
        Measure("not-quantified", "1", Decimal(9), None, date(2024, 9, 1)),
        Measure("without-effect", "1", Decimal(9), Decimal(0), date(2024, 9, 1)),
        Measure("later", "1", Decimal(9), Decimal(9), date(2025, 7, 1)),
    ],
)
def test_iso_asks_for_a_reduction_from_the_first_period_on(measure: Measure) -> None:
    facts = replace(passing_claim(), plan=replace(PLAN, measures=(measure,)))
    assert failing(ISO, facts) == ["hierarchy"]
    assert failing(PAS, facts) == []


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("change", [{"profile": "cn-other"}, {"gwp_set": "AR5"}, {"boundary": "cell plant"}])
def test_a_reduction_is_shown_like_for_like(change: dict[str, str]) -> None:
    before = EarlierPeriod(
        period=Period(date(2023, 1, 1), date(2024, 1, 1)),
        emissions=tonnes(200),
        profile="ghg-protocol",
        gwp_set="AR6",
        boundary="cell and module plant",
    )
    facts = replace(passing_claim(), first_period=False, earlier=(before,))
    assert reduction.first_or_reduced(facts, clause=CLAUSE, basis="market").passed
    unlike = replace(facts, earlier=(replace(before, **change),))
    result = reduction.first_or_reduced(unlike, clause=CLAUSE, basis="market")
    assert "not like for like" in result.found


@pytest.mark.requirement("R194")
@pytest.mark.parametrize(
    ("change", "gate"),
    [
        ({"kind": "modified"}, "opinion"),
        ({"kind": "adverse"}, "opinion"),
        ({"kind": "disclaimed"}, "opinion"),
        ({"inventory_sha256": "cd" * 32}, "opinion"),
        ({"signed_on": date(2025, 5, 19)}, "opinion"),
        ({"independent": False}, "verifier"),
        ({"accreditation_valid_to": date(2025, 6, 9)}, "verifier"),
        ({"verified": tonnes(130, 99)}, "verified-totals"),
        ({"misstatement_kg": Decimal(-7_000)}, "verified-totals"),
    ],
)
def test_only_an_unmodified_independent_opinion_on_this_inventory_passes(
    change: dict[str, object], gate: str
) -> None:
    facts = replace(passing_claim(), opinion=replace(OPINION, **change))  # type: ignore[arg-type]
    assert failing(PAS, facts) == [gate]
    assert failing(ISO, facts) == [gate]


def test_iso_asks_for_verification_by_iso_14064_3() -> None:
    facts = replace(passing_claim(), opinion=replace(OPINION, criteria="ISAE 3410"))
    assert failing(ISO, facts) == ["criteria"]
    assert not verification.criteria(replace(facts, opinion=None), clause=CLAUSE, standard="14064-3").passed


@pytest.mark.parametrize(
    ("change", "gate"),
    [
        ({"unit": "MWh"}, "credits-genuine"),
        ({"registry_reference": ""}, "credits-genuine"),
        ({"outside_boundary": False}, "credits-genuine"),
        ({"issued_on": date(2023, 12, 31)}, "credits-issued-after-reduction"),
        ({"for_factory": False}, "credits-of-this-claim"),
        ({"purpose": "compliance"}, "credits-of-this-claim"),
        ({"period": YEAR_2025}, "credits-of-this-claim"),
        ({"retired_on": date(2025, 6, 9)}, "retired-after-verification"),
        ({"retired_on": date(2025, 7, 1)}, "retirement-window"),
    ],
)
def test_a_credit_that_breaks_a_rule_does_not_count(change: dict[str, object], gate: str) -> None:
    for standard in (PAS, ISO):
        evaluation = evaluate(standard, crediting(**change))
        stopped = [result.gate for result in evaluation.gates if not result.passed]
        assert stopped == [gate, "neutrality"]
        assert evaluation.credits_tonnes == 0


@pytest.mark.requirement("R179")
def test_credits_retire_only_after_verification() -> None:
    facts = replace(passing_claim(), opinion=None)
    (gate,) = (gate for gate in evaluate(ISO, facts).gates if gate.gate == "retired-after-verification")
    assert not gate.passed
    assert "retired without an opinion" in gate.found


def test_a_credit_that_does_not_count_harms_nothing_while_the_others_are_enough() -> None:
    wrong = replace(CREDITS, serial="OTHER", outside_boundary=False)
    facts = replace(passing_claim(), credits=(CREDITS, wrong))
    evaluation = evaluate(PAS, facts)
    assert evaluation.passed
    assert evaluation.credits_tonnes == 140
    (gate,) = (gate for gate in evaluation.gates if gate.gate == "credits-genuine")
    assert "OTHER [0, 140) does not count" in gate.found


def test_no_unit_stands_twice_in_a_claim() -> None:
    again = replace(CREDITS, low=139, high=200)
    touching = replace(again, low=140)
    assert failing(PAS, replace(passing_claim(), credits=(again, CREDITS))) == ["no-serial-twice"]
    assert failing(PAS, replace(passing_claim(), credits=(CREDITS, touching))) == []
    empty = replace(touching, high=140)
    assert failing(PAS, replace(passing_claim(), credits=(CREDITS, empty))) == ["no-serial-twice"]


@pytest.mark.requirement("R196")
@pytest.mark.parametrize(
    ("kilograms", "units", "neutral"),
    [
        ("100000", 100, True),
        ("100100", 100, False),
        ("100000.000000000001", 100, False),
        ("100100", 101, True),
    ],
)
def test_emissions_are_never_rounded_down(kilograms: str, units: int, neutral: bool) -> None:
    total = replace(EMISSIONS, market_kg=Decimal(kilograms))
    facts = replace(crediting(high=units), inventory=replace(INVENTORY, emissions=total))
    result = offsets.neutrality(facts, clause=CLAUSE, basis="market", rules=pas2060.OFFSET_RULES)
    assert result.passed is neutral


def test_pas_and_iso_count_the_twelve_months_from_different_days() -> None:
    late = replace(crediting(retired_on=date(2026, 1, 1)), declared_on=date(2026, 1, 2))
    assert "retirement-window" not in failing(PAS, late)
    assert "retirement-window" in failing(ISO, late)
    in_time = replace(crediting(retired_on=date(2025, 12, 31)), declared_on=date(2026, 1, 2))
    assert failing(ISO, in_time) == []


def prospect_of(standard: Standard, facts: ClaimFacts) -> Prospect:
    return prospect(standard, facts, evaluate(standard, facts))


def test_a_shortfall_within_the_window_is_cured_by_credits() -> None:
    ahead = prospect_of(ISO, crediting(high=100))
    assert ahead.curable
    assert ahead.cures == ("retire 30 more credits that count, or reduce and close again",)
    assert prospect_of(ISO, passing_claim()).sentence() == "nothing is missing"


def test_after_the_window_nothing_cures_and_the_next_period_is_named() -> None:
    facts = replace(passing_claim(), credits=(), declared_on=date(2026, 3, 1))
    ahead = prospect_of(ISO, facts)
    assert not ahead.curable
    assert [gate.gate for gate in ahead.incurable] == ["retirement-window"]
    assert ahead.instead == YEAR_2025
    assert ahead.sentence() == (
        "nothing cures retirement-window for this period;"
        " declare 2025-01-01 to 2025-12-31 instead, from 2026-01-01 on"
    )


def test_periods_whose_window_closed_too_are_passed_over() -> None:
    facts = replace(passing_claim(), credits=(), declared_on=date(2027, 6, 1))
    assert prospect_of(ISO, facts).instead == Period(date(2026, 1, 1), date(2027, 1, 1))


def test_under_pas_2060_fresh_credits_cure_old_ones() -> None:
    facts = replace(passing_claim(), declared_on=date(2026, 8, 1))
    ahead = prospect_of(PAS, facts)
    assert ahead.curable
    assert "renew the plan and have it approved" in ahead.cures
    assert "retire credits that meet the rule for this factory and period" in ahead.cures


def test_all_gates_of_a_large_claim_are_judged_in_time() -> None:
    many = tuple(replace(CREDITS, low=number, high=number + 1) for number in range(2_000))
    facts = replace(passing_claim(), credits=many)
    began = time.perf_counter()
    evaluation = evaluate(PAS, facts)
    assert evaluation.passed
    assert time.perf_counter() - began < 2


def test_figures_in_findings_are_grouped_and_rounded_to_the_kilogram() -> None:
    assert figures.tonnes(Decimal("16261605.3930864")) == "16,261.605"
    assert figures.tonnes(Decimal("57300")) == "57.300"
    assert figures.tonnes(Decimal(-1500)) == "-1.500"
    assert figures.whole(16262) == "16,262"


@pytest.mark.parametrize("basis", ["location", "market"])
def test_a_coverage_says_of_which_total_it_is_the_percentage(basis: Basis) -> None:
    for gate in (coverage.ninety_five_percent, coverage.significance):
        found = gate(passing_claim(), clause=CLAUSE, basis=basis).found
        assert f"% of the {basis}-based total including estimates of what is left out" in found
