"""What keeps a draft open, by example."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from zerocarbon.accounting.domain import questions
from zerocarbon.accounting.testing.period import (
    FACTORY,
    FIRST,
    OPENED,
    ORGANISATION,
    PREPARER,
    REVIEWER,
    given,
    screened,
)
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.inventory import (
    ExclusionApproved,
    ExclusionProposed,
)
from zerocarbon.proof.completeness import MeterCoverage
from zerocarbon.proof.facts import Factory, Source
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.period import Period as PeriodOfProof
from zerocarbon.proof.quantify import InventoryInputs
from zerocarbon.proof.quantify.certificates import ExcessCertificates


def source(code: str, kind: str, category: int | None = None) -> Source:
    return Source(code, kind, "any", "kWh", category)  # type: ignore[arg-type]


ALL_ANSWERED = screened(*((category, "not-relevant") for category in range(2, 16)), (1, "calculated"))
GRID, WAFERS = source("grid", "electricity-import"), source("wafers", "scope3", 1)
INPUTS = InventoryInputs(
    factory=Factory("plant-a", "Asia/Shanghai", "CN", "CN-JS"),
    period=PeriodOfProof(date(2024, 1, 1), date(2025, 1, 1)),
    knowledge_date=date(2025, 6, 20),
    sources=(GRID, WAFERS),
    quantities={"grid": Decimal(1), "wafers": Decimal(1)},
)
WAFER_LINE = InventoryLine(
    line="plant-a/wafers/both",
    factory="plant-a",
    source="wafers",
    scope="3",
    category="1",
    iso_category="4.1",
    basis="both",
    quantity=Decimal(1),
    unit="kg",
    factors=(),
    gwp_set="AR6",
    gases=(),
    co2e_kg=Decimal(1),
    formula="any",
)
FULL_METER = MeterCoverage("m1", "grid", 900, 35136, 35136)
COMPLETE = questions.Evidence(
    inputs=INPUTS, lines=[WAFER_LINE], coverage=[FULL_METER], today=date(2025, 6, 20)
)


def rules(evidence: questions.Evidence, *events: Event) -> list[str]:
    inventory = given(OPENED, *events).inventories[0]
    return [question.rule for question in questions.open_questions(inventory, evidence)]


def without(*codes: str) -> questions.Evidence:
    quantities = {code: quantity for code, quantity in INPUTS.quantities.items() if code not in codes}
    return replace(COMPLETE, inputs=replace(INPUTS, quantities=quantities))


class TestOpenQuestions:
    def test_a_complete_period_has_none(self) -> None:
        assert rules(COMPLETE, ALL_ANSWERED) == []

    @pytest.mark.requirement("R7")
    def test_a_source_without_data_needs_an_approved_exclusion(self) -> None:
        mower = source("mower", "mobile-fuel")
        evidence = replace(COMPLETE, inputs=replace(INPUTS, sources=(GRID, WAFERS, mower)))
        assert rules(evidence, ALL_ANSWERED) == ["R7"]
        proposed = ExclusionProposed(
            inventory_id=FIRST,
            organisation_id=ORGANISATION,
            factory_id=FACTORY,
            source="mower",
            reason="tiny",
            estimate_kg=Decimal(1),
            preparer_id=PREPARER,
        )
        assert rules(evidence, ALL_ANSWERED, proposed) == ["R26", "R7"]
        approved = ExclusionApproved(
            inventory_id=FIRST,
            organisation_id=ORGANISATION,
            factory_id=FACTORY,
            source="mower",
            approver_id=REVIEWER,
        )
        assert rules(evidence, ALL_ANSWERED, proposed, approved) == []

    @pytest.mark.requirement("R38")
    def test_missing_electricity_blocks(self) -> None:
        assert rules(without("grid"), ALL_ANSWERED) == ["R7", "R38"]

    @pytest.mark.requirement("R16")
    def test_every_category_is_answered_and_the_answers_fit_the_lines(self) -> None:
        assert rules(COMPLETE) == ["R16"] * 15
        assert rules(COMPLETE, *[ALL_ANSWERED, screened((1, "not-relevant"))]) == ["R16"]
        assert rules(COMPLETE, ALL_ANSWERED, screened((2, "calculated"))) == ["R16"]

    def test_a_line_outside_the_stated_boundary_blocks(self) -> None:
        opened = OPENED.model_copy(update={"scopes": ["1", "2"]})
        inventory = given(opened, ALL_ANSWERED).inventories[0]
        assert [one.rule for one in questions.open_questions(inventory, COMPLETE)] == ["R8"]

    def test_a_gap_in_a_meter_blocks(self) -> None:
        gap = replace(COMPLETE, coverage=[replace(FULL_METER, read=35135)])
        assert rules(gap, ALL_ANSWERED) == ["R121"]

    def test_parked_events_block(self) -> None:
        assert rules(replace(COMPLETE, parked=1), ALL_ANSWERED) == ["parked-events"]

    def test_a_partition_that_stands_still_blocks(self) -> None:
        halted = ["zerocarbon.activity.v1/0: a number is missing"]
        assert rules(replace(COMPLETE, halted=halted), ALL_ANSWERED) == ["halted-partition"]

    def test_a_refused_figure_is_a_question_with_its_rule(self) -> None:
        refusal = ExcessCertificates("more certificates than consumption")
        assert rules(replace(COMPLETE, lines=[], refusal=refusal), ALL_ANSWERED) == ["DC19"]

    def test_a_period_that_is_not_over_blocks(self) -> None:
        assert rules(replace(COMPLETE, today=date(2024, 12, 31)), ALL_ANSWERED) == ["R178"]
        assert rules(replace(COMPLETE, today=date(2025, 1, 1)), ALL_ANSWERED) == []
