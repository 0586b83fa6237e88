"""The test table of the declaration rules, row by row, and the standards as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from zerocarbon.proof.gates import iso14068, pas2060, standards
from zerocarbon.proof.gates.claim import ClaimFacts, Commitment, EarlierPeriod, LeftOut, Measure, Policy
from zerocarbon.proof.gates.months import add_months
from zerocarbon.proof.gates.publication import Publication, publication_gates
from zerocarbon.proof.gates.qes import ITEMS
from zerocarbon.proof.gates.result import MEMORY
from zerocarbon.proof.gates.standard import Evaluation, Standard, evaluate
from zerocarbon.proof.period import Period
from zerocarbon.proof.testing.claims import (
    CREDITS,
    INVENTORY,
    PLAN,
    passing_claim,
    tonnes,
)

PAS = pas2060.STANDARD
ISO = iso14068.STANDARD


def failing(evaluation: Evaluation) -> list[str]:
    return [gate.gate for gate in evaluation.gates if not gate.passed]


def notices(evaluation: Evaluation) -> list[str]:
    return [notice.code for notice in evaluation.notices]


def without_measures(facts: ClaimFacts) -> ClaimFacts:
    planned = (Measure("heat-recovery", "1", Decimal(900)),)
    return replace(facts, plan=replace(PLAN, measures=planned))


def second_period(before_tonnes: int, **changes: object) -> ClaimFacts:
    """2024 as the second period, after 2023 with the given emissions."""
    before = EarlierPeriod(
        period=Period(date(2023, 1, 1), date(2024, 1, 1)),
        emissions=tonnes(before_tonnes),
        profile=INVENTORY.profile,
        gwp_set=INVENTORY.gwp_set,
        boundary="cell and module plant",
        output=Decimal(100),
    )
    plan = replace(PLAN, baseline_date=before.period.start, first_qualification_date=before.period.end)
    facts = replace(passing_claim(), first_period=False, earlier=(before,), plan=plan)
    return replace(facts, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("standard", [PAS, ISO], ids=lambda standard: standard.name)
def test_a_claim_that_is_right_passes_every_gate(standard: Standard) -> None:
    evaluation = evaluate(standard, passing_claim())
    assert failing(evaluation) == []
    assert evaluation.passed
    assert evaluation.cures == ()
    assert evaluation.notices == ()
    assert evaluation.credits_tonnes == 140


@pytest.mark.requirement("R42")
def test_row_1_first_period_without_reduction_is_allowed_and_marked_all_offset() -> None:
    evaluation = evaluate(PAS, without_measures(passing_claim()))
    assert evaluation.passed
    assert notices(evaluation) == ["all-offset"]


@pytest.mark.requirement("R42")
def test_row_2_second_period_without_reduction_is_refused() -> None:
    evaluation = evaluate(PAS, second_period(100))
    assert failing(evaluation) == ["reduction"]


@pytest.mark.requirement("R42")
def test_row_3_intensity_may_fall_while_emissions_rise_when_it_is_explained() -> None:
    explained = second_period(90, output=Decimal(150), intensity_explanation="a third line was added")
    evaluation = evaluate(PAS, explained)
    assert evaluation.passed
    assert notices(evaluation) == ["intensity"]
    assert failing(evaluate(PAS, replace(explained, intensity_explanation=None))) == ["reduction"]


def test_row_4_retired_thirteen_months_before_the_declaration_is_refused() -> None:
    facts = passing_claim()
    early = replace(CREDITS, retired_on=add_months(facts.declared_on, -13))
    facts = replace(facts, credits=(early,), opinion=None)
    assert "retirement-window" in failing(evaluate(PAS, facts))
    assert "neutrality" in failing(evaluate(PAS, facts))


@pytest.mark.parametrize(("estimate", "refused"), [(1_220, ["one-percent"]), (1_000, [])])
def test_row_5_a_scope_3_source_of_one_point_two_percent_may_not_be_left_out(
    estimate: int, refused: list[str]
) -> None:
    left = (LeftOut("business travel", "3", Decimal(estimate)),)
    facts = replace(passing_claim(), inventory=replace(INVENTORY, left_out=left))
    assert failing(evaluate(PAS, facts)) == refused


def test_row_6_small_sources_may_not_add_up_to_six_percent() -> None:
    left = tuple(LeftOut(f"source-{number}", "3", Decimal(930)) for number in range(7))
    facts = replace(passing_claim(), inventory=replace(INVENTORY, left_out=left))
    assert failing(evaluate(PAS, facts)) == ["ninety-five-percent"]


@pytest.mark.requirement("R212")
def test_row_7_twelve_months_then_eleven_is_refused() -> None:
    made = Commitment(Period(date(2024, 12, 1), date(2026, 1, 1)), date(2025, 6, 1), "We commit.")
    facts = second_period(200, period=Period(date(2024, 1, 1), date(2024, 12, 1)), commitment=made)
    short = replace(facts, credits=(replace(CREDITS, period=facts.period),))
    assert failing(evaluate(PAS, short)) == ["application-period"]


@pytest.mark.requirement("R212")
def test_row_8_a_first_period_of_thirty_months_with_historic_reductions_is_allowed() -> None:
    first = Period(date(2020, 7, 1), date(2023, 1, 1))
    base = second_period(200)
    historic = replace(base.earlier[0], period=first, extended_by_historic_reductions=True)
    plan = replace(PLAN, baseline_date=first.start, first_qualification_date=first.end)
    facts = replace(base, earlier=(historic, base.earlier[0]), plan=plan)
    assert failing(evaluate(PAS, facts)) == []


def test_row_9_a_representative_statement_needs_the_formal_declaration() -> None:
    complete = {item.code: "said" for item in ITEMS}
    alone, _ = publication_gates(Publication(True, False, complete))
    beside, _ = publication_gates(Publication(True, True, complete))
    assert not alone.passed
    assert beside.passed


def test_row_10_a_missing_item_of_the_explanatory_statement_stops_publication() -> None:
    assert len(ITEMS) == 55
    complete = {item.code: "said" for item in ITEMS}
    assert all(gate.passed for gate in publication_gates(Publication(False, True, complete)))
    for item in ITEMS:
        _, gate = publication_gates(Publication(False, True, {**complete, item.code: " "}))
        assert not gate.passed
        assert item.code in gate.found


@pytest.mark.requirement("R192")
def test_pas_2060_carries_its_withdrawal_and_can_be_switched_off() -> None:
    plan = replace(PLAN, approved_on=date(2025, 11, 1))
    credits_ = (replace(CREDITS, retired_on=date(2025, 11, 1)),)
    facts = replace(passing_claim(), plan=plan, credits=credits_)
    before = evaluate(PAS, replace(facts, declared_on=date(2025, 11, 29)))
    after = evaluate(PAS, replace(facts, declared_on=date(2025, 11, 30)))
    assert before.passed
    assert notices(before) == []
    assert after.passed
    assert notices(after) == ["withdrawn"]
    refused = evaluate(
        PAS,
        replace(facts, declared_on=date(2025, 11, 30), policy=Policy(withdrawn_standards_refused=True)),
    )
    assert failing(refused) == ["standard"]


@pytest.mark.requirement("R192")
def test_the_default_standard_changes_with_the_withdrawal() -> None:
    assert standards.default_on(date(2025, 11, 29)) is PAS
    assert standards.default_on(date(2025, 11, 30)) is ISO
    assert standards.named("ISO 14068-1:2023") is ISO
    with pytest.raises(standards.UnknownStandard, match="known are"):
        standards.named("PAS 2060:2010")


def test_the_two_standards_test_neutrality_on_different_scope_2_bases() -> None:
    facts = replace(passing_claim(), credits=(replace(CREDITS, high=100),))
    assert evaluate(PAS, facts).passed
    assert failing(evaluate(ISO, facts)) == ["neutrality"]
    (gate,) = (gate for gate in evaluate(PAS, facts).gates if gate.gate == "neutrality")
    assert "market-based" in gate.found
    assert "location-based it would be 130 t" in gate.found


def test_gates_come_in_a_fixed_order_with_unique_names_and_sources() -> None:
    for standard in (PAS, ISO):
        gates = evaluate(standard, passing_claim()).gates
        names = [gate.gate for gate in gates]
        assert len(set(names)) == len(names)
        assert names[0] == "standard"
        assert names[-1] == "neutrality"
        assert all(gate.clause for gate in gates)


def test_rules_known_from_memory_say_so() -> None:
    told = {gate.gate for gate in evaluate(PAS, passing_claim()).gates if MEMORY in gate.clause}
    assert told == {"plan-current", "remainder"}


def test_an_empty_claim_is_refused_with_a_cure_for_each_gate() -> None:
    facts = replace(passing_claim(), commitment=None, plan=None, opinion=None, credits=())
    for standard in (PAS, ISO):
        evaluation = evaluate(standard, facts)
        stopped = [gate for gate in evaluation.gates if not gate.passed]
        assert {"commitment", "plan-parts", "opinion", "neutrality"} <= {gate.gate for gate in stopped}
        assert all(gate.cure for gate in stopped)
