"""Commitment, plan, measures, opinion, claim: given what was declared, when somebody asks, then what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import NotFound, Refused
from zerocarbon.contracts.base import Event, Period
from zerocarbon.contracts.certificate import UnitRange
from zerocarbon.contracts.declaration import Target
from zerocarbon.declaration.domain import claim, commitment, measure, opinion, plan, retirement
from zerocarbon.declaration.domain.inventory import KnownInventory
from zerocarbon.declaration.testing import sample


def committed() -> list[Event]:
    return [*commitment.decide(sample.given([]), sample.subject(), sample.make_commitment())]


def planned() -> list[Event]:
    return [*plan.decide(sample.given([]), sample.subject(), sample.approve_plan())]


def verified(**changes: Any) -> list[Event]:
    return [
        *opinion.decide(
            sample.given([]),
            sample.subject(),
            KnownInventory(sample.inventory()),
            sample.verifier(),
            sample.sign_opinion(**changes),
        )
    ]


def opened() -> list[Event]:
    before = verified()
    inventory = KnownInventory(sample.inventory())
    return [
        *before,
        *claim.decide(sample.given(before), sample.subject(), inventory, sample.open_claim()),
    ]


def rules(ask: Callable[[], object]) -> dict[str | None, str]:
    """The rules by which something was refused, by pointer."""
    with pytest.raises(Refused) as refused:
        ask()
    return {violation.pointer: violation.rule for violation in refused.value.violations}


def test_a_commitment_is_made_for_a_period_ahead() -> None:
    (made,) = committed()
    assert made.model_dump()["made_on"] == sample.TODAY
    past = sample.make_commitment(period=sample.YEAR)
    assert rules(lambda: commitment.decide(sample.given([]), sample.subject(), past)) == {
        "/period/end": "R193"
    }


def test_a_period_is_committed_to_once() -> None:
    again = sample.make_commitment(commitment_id=natural_id("another"))
    asked = rules(lambda: commitment.decide(sample.given(committed()), sample.subject(), again))
    assert asked == {"/period": "R193"}


@pytest.mark.requirement("R193")
@pytest.mark.parametrize(
    ("missing", "pointer"),
    [
        ({"commitment_statement": None}, "/commitment_statement"),
        ({"neutrality_period": None}, "/neutrality_period"),
        ({"baseline_date": None}, "/baseline_date"),
        ({"first_qualification_date": None}, "/first_qualification_date"),
        ({"commitment_end": None}, "/commitment_end"),
        ({"measures": ()}, "/measures"),
        ({"offset_strategy": ""}, "/offset_strategy"),
        ({"residual_pathway": None}, "/residual_pathway"),
        ({"baseline_date": date(2025, 1, 1)}, "/first_qualification_date"),
        ({"commitment_end": date(2025, 1, 1)}, "/commitment_end"),
        (
            {"neutrality_period": Period(start=date(2024, 1, 1), end=date(2024, 1, 1))},
            "/neutrality_period/end",
        ),
    ],
)
def test_each_missing_part_and_each_date_out_of_order_blocks_the_plan(
    missing: dict[str, Any], pointer: str
) -> None:
    command = sample.approve_plan(**missing)
    assert rules(lambda: plan.decide(sample.given([]), sample.subject(), command)) == {pointer: "R193"}


@pytest.mark.requirement("R176")
def test_a_plan_answers_each_scope_with_a_target_or_a_reason() -> None:
    complete = sample.approve_plan()
    assert plan.decide(sample.given([]), sample.subject(), complete)
    lacking = sample.approve_plan(targets=complete.targets[:2])
    assert rules(lambda: plan.decide(sample.given([]), sample.subject(), lacking)) == {"/targets": "R176"}
    both = Target(scope="3", reduction_percent=Decimal(5), by=date(2030, 1, 1), exclusion_reason="too far")
    contradicting = sample.approve_plan(targets=(*complete.targets[:2], both))
    assert rules(lambda: plan.decide(sample.given([]), sample.subject(), contradicting)) == {
        "/targets/2": "R176"
    }
    undated = sample.approve_plan(
        targets=(*complete.targets[:2], Target(scope="3", reduction_percent=Decimal(5)))
    )
    assert rules(lambda: plan.decide(sample.given([]), sample.subject(), undated)) == {"/targets/2": "R176"}


def test_a_done_measure_stands_in_the_plan_with_what_it_achieved() -> None:
    before = planned()
    command = measure.FinishMeasure(
        natural_id("sample", "plan"), "heat-recovery", Decimal(3900), date(2024, 11, 1), sample.SHA
    )
    (done,) = measure.decide(sample.given(before), sample.subject(), command)
    state = sample.given([*before, done])
    in_force = state.plan()
    assert in_force is not None
    assert in_force.measures[0].achieved_kg == Decimal(3900)
    assert rules(lambda: measure.decide(state, sample.subject(), command)) == {"/code": "R202"}


def test_a_measure_that_was_never_planned_or_lies_ahead_is_refused() -> None:
    state = sample.given(planned())
    unknown = measure.FinishMeasure(
        natural_id("sample", "plan"), "magic", Decimal(1), sample.TODAY, sample.SHA
    )
    with pytest.raises(NotFound):
        measure.decide(state, sample.subject(), unknown)
    ahead = measure.FinishMeasure(
        natural_id("sample", "plan"), "heat-recovery", Decimal(-1), date(2025, 7, 1), sample.SHA
    )
    assert rules(lambda: measure.decide(state, sample.subject(), ahead)) == {
        "/done_on": "R202",
        "/achieved_kg": "R202",
    }


@pytest.mark.requirement("R194")
def test_a_verifier_is_independent_let_in_and_accredited_on_the_day() -> None:
    def sign(known: dict[str, Any] | None = None, **changes: Any) -> object:
        return opinion.decide(
            sample.given([]),
            sample.subject(),
            KnownInventory(sample.inventory()),
            sample.verifier(**(known or {})),
            sample.sign_opinion(**changes),
        )

    assert sign()
    assert rules(lambda: sign({"member": True})) == {None: "R194"}
    assert rules(lambda: sign({"granted": False})) == {None: "R194"}
    assert rules(lambda: sign({"principal_id": sample.PREPARER})) == {None: "R194"}
    assert rules(lambda: sign({"principal_id": sample.REVIEWER})) == {None: "R194"}
    assert rules(lambda: sign(accreditation_valid_to=date(2025, 6, 14))) == {
        "/accreditation_valid_to": "R194"
    }
    assert rules(lambda: sign(inventory_sha256="0" * 64)) == {"/inventory_sha256": "R194"}
    assert rules(lambda: sign(signed_on=date(2025, 6, 9))) == {"/signed_on": "R194"}
    assert rules(lambda: sign(signed_on=date(2025, 7, 1))) == {"/signed_on": "R194"}
    assert rules(lambda: sign(misstatement_kg=Decimal("5000.1"))) == {"/opinion": "R194"}
    assert rules(lambda: sign(verified_total_market_kg=Decimal(99999))) == {
        "/verified_total_market_kg": "R201"
    }
    assert sign(misstatement_kg=Decimal(9000), opinion="adverse")


def test_an_opinion_on_a_superseded_inventory_is_refused() -> None:
    replaced = KnownInventory(sample.inventory(), superseded_by=sample.restated().inventory_id)
    refusal = rules(
        lambda: opinion.decide(
            sample.given([]), sample.subject(), replaced, sample.verifier(), sample.sign_opinion()
        )
    )
    assert refusal == {"/inventory_id": "R194"}


@pytest.mark.requirement("R216")
def test_a_factory_boundary_and_period_has_one_claim() -> None:
    before = opened()
    again = rules(
        lambda: claim.decide(
            sample.given(before), sample.subject(), KnownInventory(sample.inventory()), sample.open_claim()
        )
    )
    assert again == {"/boundary": "R216"}


def test_a_claim_needs_a_passing_opinion_on_exactly_its_inventory() -> None:
    inventory = KnownInventory(sample.inventory())
    unverified = sample.given([])
    assert rules(lambda: claim.decide(unverified, sample.subject(), inventory, sample.open_claim())) == {
        "/opinion_id": "R179"
    }
    adverse = sample.given(verified(opinion="adverse"))
    assert rules(lambda: claim.decide(adverse, sample.subject(), inventory, sample.open_claim())) == {
        "/opinion_id": "R194"
    }
    replaced = KnownInventory(sample.inventory(), superseded_by=sample.restated().inventory_id)
    assert rules(
        lambda: claim.decide(sample.given(verified()), sample.subject(), replaced, sample.open_claim())
    ) == {"/inventory_id": "R216"}


def test_a_claim_is_bound_anew_to_the_version_that_replaced_its_inventory() -> None:
    before = opened()
    version2 = sample.restated()
    second = sample.sign_opinion(version2, opinion_id=natural_id("second"), signed_on=date(2025, 6, 25))
    signed = opinion.decide(
        sample.given(before), sample.subject(), KnownInventory(version2), sample.verifier(), second
    )
    state = sample.given([*before, *signed])
    command = sample.open_claim(inventory_id=version2.inventory_id, opinion_id=second.opinion_id)
    (bound,) = claim.decide(state, sample.subject(), KnownInventory(version2), command)
    state = sample.given([*before, *signed, bound])
    assert list(state.claims) == [sample.CLAIM]
    assert state.claims[sample.CLAIM].opened.inventory_sha256 == version2.inventory_sha256


@pytest.mark.requirement("R179")
def test_credits_are_asked_for_only_after_a_passing_opinion_on_that_version() -> None:
    inventory = KnownInventory(sample.inventory())
    with pytest.raises(NotFound):
        retirement.decide(sample.given([]), sample.subject(), inventory, sample.request_retirement())
    state = sample.given(opened())
    (asked,) = retirement.decide(state, sample.subject(), inventory, sample.request_retirement())
    assert asked.unit == "tCO2e"
    late_doubt = sample.given([*opened(), *verified(opinion_id=natural_id("later"), opinion="disclaimed")])
    assert rules(
        lambda: retirement.decide(late_doubt, sample.subject(), inventory, sample.request_retirement())
    ) == {"/claim_id": "R179"}
    replaced = KnownInventory(sample.inventory(), superseded_by=sample.restated().inventory_id)
    assert rules(
        lambda: retirement.decide(state, sample.subject(), replaced, sample.request_retirement())
    ) == {"/claim_id": "R179"}


def test_named_ranges_hold_exactly_the_quantity() -> None:
    command = sample.request_retirement(100, ranges=(UnitRange(block_id=sample.BLOCK, low=0, high=99),))
    refusal = rules(
        lambda: retirement.decide(
            sample.given(opened()), sample.subject(), KnownInventory(sample.inventory()), command
        )
    )
    assert refusal == {"/ranges": "R208"}
