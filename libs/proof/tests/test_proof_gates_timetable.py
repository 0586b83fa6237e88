"""Commitment, plan and application periods, gate by gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.proof.gates import subject, timetable
from zerocarbon.proof.gates.claim import ClaimFacts, EarlierPeriod, Subject, Target
from zerocarbon.proof.gates.months import add_months, whole_months
from zerocarbon.proof.period import Period
from zerocarbon.proof.testing.claims import PLAN, YEAR_2024, YEAR_2025, passing_claim, tonnes

CLAUSE = "R0"


def chained(*months: int, extended: tuple[int, ...] = ()) -> ClaimFacts:
    """Periods of so many months that follow each other; those in `extended` use historic reductions."""
    starts = [date(2019, 1, 1)]
    for length in months:
        starts.append(add_months(starts[-1], length))
    periods = [Period(start, end) for start, end in pairwise(starts)]
    earlier = tuple(
        EarlierPeriod(
            period=period,
            emissions=tonnes(200),
            profile="ghg-protocol",
            gwp_set="AR6",
            boundary="plant",
            extended_by_historic_reductions=at in extended,
        )
        for at, period in enumerate(periods[:-1])
    )
    return replace(
        passing_claim(),
        period=periods[-1],
        earlier=earlier,
        first_period=not earlier,
        extended_by_historic_reductions=len(periods) - 1 in extended,
    )


@pytest.mark.requirement("R212")
@pytest.mark.parametrize(
    ("months", "extended", "holds"),
    [
        ((12,), (), True),
        ((12, 12), (), True),
        ((18, 12, 12), (0,), True),
        ((30, 12, 12), (0,), True),
        ((18, 12), (), False),
        ((12, 9), (), False),
        ((12, 18), (), False),
        ((12, 18), (1,), False),
        ((18, 12, 9), (0,), False),
        ((6, 12), (0,), False),
        ((18, 18, 12), (0, 1), False),
    ],
)
def test_periods_are_equal_in_months(months: tuple[int, ...], extended: tuple[int, ...], holds: bool) -> None:
    facts = chained(*months, extended=extended)
    assert timetable.application_period(facts, clause=CLAUSE).passed is holds


@pytest.mark.requirement("R212")
def test_leap_years_do_not_break_equality() -> None:
    leap, plain = Period(date(2024, 2, 29), date(2025, 2, 28)), Period(date(2024, 1, 1), date(2025, 1, 1))
    assert whole_months(leap) == whole_months(plain) == 12


def test_a_gap_between_periods_is_named() -> None:
    facts = chained(12, 12)
    moved = replace(facts.earlier[0], period=Period(date(2018, 12, 1), date(2019, 12, 1)))
    result = timetable.application_period(replace(facts, earlier=(moved,)), clause=CLAUSE)
    assert not result.passed
    assert "2020-01-01 to 2020-12-31 does not begin where 2018-12-01 to 2019-11-30 ends" in result.found


def test_a_period_that_is_not_over_or_not_whole_months_is_refused() -> None:
    running = replace(passing_claim(), period=YEAR_2025)
    assert "after the declaration" in timetable.application_period(running, clause=CLAUSE).found
    odd = replace(passing_claim(), period=Period(date(2024, 1, 1), date(2024, 12, 31)))
    assert "no whole number of months" in timetable.application_period(odd, clause=CLAUSE).found


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(min_value=1, max_value=60))
def test_months_added_are_months_counted(start: date, months: int) -> None:
    assert whole_months(Period(start, add_months(start, months))) == months


@pytest.mark.requirement("R193")
@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"commitment_statement": " "}, "commitment statement"),
        ({"targets": ()}, "reduction targets"),
        ({"measures": ()}, "measures"),
        ({"offset_strategy": ""}, "offset strategy"),
    ],
)
def test_each_missing_part_of_the_plan_is_named(change: dict[str, object], part: str) -> None:
    plan = replace(PLAN, **change)  # type: ignore[arg-type]
    result = timetable.plan_parts(replace(passing_claim(), plan=plan), clause=CLAUSE)
    assert not result.passed
    assert result.found == f"{part} missing"


@pytest.mark.requirement("R193")
@pytest.mark.parametrize(
    "change",
    [
        {"baseline_date": date(2025, 1, 1)},
        {"first_qualification_date": date(2026, 1, 1)},
        {"commitment_end": date(2025, 1, 1)},
        {"baseline_date": date(2023, 1, 1)},
        {"first_qualification_date": date(2024, 12, 1)},
        {"commitment_end": date(2027, 1, 1)},
    ],
)
def test_the_dates_of_the_plan_are_in_order_and_match_the_period(change: dict[str, date]) -> None:
    facts = replace(passing_claim(), plan=replace(PLAN, **change))
    assert timetable.plan_dates(passing_claim(), clause=CLAUSE).passed
    assert not timetable.plan_dates(facts, clause=CLAUSE).passed


@pytest.mark.requirement("R176")
@pytest.mark.parametrize(
    "target",
    [
        Target("3"),
        Target("3", reduction_percent=Decimal(5)),
        Target("3", by=date(2026, 1, 1)),
        Target("3", exclusion_reason=" "),
        Target("2", exclusion_reason="twice the same scope"),
    ],
)
def test_a_scope_without_target_or_reason_is_named(target: Target) -> None:
    plan = replace(PLAN, targets=(*PLAN.targets[:2], target))
    result = timetable.plan_scopes(replace(passing_claim(), plan=plan), clause=CLAUSE)
    assert result.found == "scope 3 has no entry"
    assert timetable.plan_scopes(passing_claim(), clause=CLAUSE).passed


def test_a_plan_is_renewed_every_twelve_months() -> None:
    facts = passing_claim()
    on_time = replace(facts, plan=replace(PLAN, approved_on=date(2024, 6, 30)))
    late = replace(facts, plan=replace(PLAN, approved_on=date(2024, 6, 29)))
    assert timetable.plan_current(on_time, clause=CLAUSE).passed
    assert not timetable.plan_current(late, clause=CLAUSE).passed


def test_a_pathway_needs_words_and_a_dated_target() -> None:
    facts = passing_claim()
    assert timetable.plan_pathway(facts, clause=CLAUSE).passed
    for plan in (replace(PLAN, residual_pathway=""), replace(PLAN, targets=PLAN.targets[2:])):
        assert not timetable.plan_pathway(replace(facts, plan=plan), clause=CLAUSE).passed


def test_what_was_made_after_the_declaration_does_not_count() -> None:
    facts = passing_claim()
    assert facts.commitment is not None
    later = replace(facts, commitment=replace(facts.commitment, made_on=date(2025, 7, 1)))
    assert not timetable.commitment(later, clause=CLAUSE).passed
    plan = replace(PLAN, approved_on=date(2025, 7, 1))
    assert not timetable.plan_parts(replace(facts, plan=plan), clause=CLAUSE).passed


def test_a_commitment_is_for_this_period_or_the_next() -> None:
    facts = passing_claim()
    assert facts.commitment is not None
    for period, holds in (
        (YEAR_2024, True),
        (YEAR_2025, True),
        (Period(date(2026, 1, 1), date(2027, 1, 1)), False),
    ):
        made = replace(facts, commitment=replace(facts.commitment, period=period))
        assert timetable.commitment(made, clause=CLAUSE).passed is holds


@pytest.mark.parametrize(
    "about",
    [
        Subject("jiangsu", "design", "plant"),
        Subject("jiangsu", "operating", " "),
        Subject("jiangsu", "operating", "plant", ("1", "2")),
    ],
)
def test_a_claim_is_about_an_operating_factory_with_all_scopes(about: Subject) -> None:
    assert not subject.subject(replace(passing_claim(), subject=about), clause=CLAUSE).passed


def test_a_standard_cannot_be_used_before_it_was_published() -> None:
    early = replace(passing_claim(), declared_on=date(2023, 11, 29))
    result = subject.in_force(
        early, clause=CLAUSE, standard="ISO", published=date(2023, 11, 30), withdrawn=None
    )
    assert not result.passed
