"""Statements: the neutrality test, the gates of each standard, and what suspends them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from zerocarbon.common.refusal import Refused
from zerocarbon.contracts.base import Event, Period
from zerocarbon.contracts.certificate import UnitsRetired
from zerocarbon.contracts.declaration import GateResult, StatementIssued, StatementRefused
from zerocarbon.contracts.inventory import InventoryClosed
from zerocarbon.declaration.domain import (
    claim,
    commitment,
    measure,
    opinion,
    plan,
    policy,
    retirement,
    statement,
    suspension,
)
from zerocarbon.declaration.domain.facts import Known
from zerocarbon.declaration.domain.inventory import KnownInventory
from zerocarbon.declaration.domain.record import Record
from zerocarbon.declaration.domain.record import evolve as record_evolve
from zerocarbon.declaration.testing import sample

PAS = "PAS 2060:2014"
ISO = "ISO 14068-1:2023"


def history(closed: InventoryClosed | None = None, *, reduced: bool = True) -> list[Event]:
    """Every step up to the retirement of credits."""
    inventory = KnownInventory(closed or sample.inventory())
    subject = sample.subject()
    events: list[Event] = []

    def then(decided: Sequence[Event]) -> None:
        events.extend(decided)

    then(commitment.decide(sample.given(events), subject, sample.make_commitment()))
    then(plan.decide(sample.given(events), subject, sample.approve_plan()))
    if reduced:
        done = measure.FinishMeasure(
            sample.approve_plan().plan_id, "heat-recovery", Decimal(3900), date(2024, 11, 1), sample.SHA
        )
        then(measure.decide(sample.given(events), subject, done))
    signed = sample.sign_opinion(inventory.closed)
    then(opinion.decide(sample.given(events), subject, inventory, sample.verifier(), signed))
    then(claim.decide(sample.given(events), subject, inventory, sample.open_claim()))
    then(retirement.decide(sample.given(events), subject, inventory, sample.request_retirement()))
    return events


def known(closed: InventoryClosed | None = None, retired: Sequence[UnitsRetired] | None = None) -> Known:
    closed = closed or sample.inventory()
    units = [sample.retired()] if retired is None else retired
    return Known(sample.factory(), {closed.inventory_id: KnownInventory(closed)}, units)


def ask(
    record: Record, facts: Known, standard: str = PAS, today: date = sample.TODAY
) -> StatementIssued | StatementRefused:
    command = statement.RequestStatement(sample.CLAIM, standard, sample.REQUEST, "a" * 64)
    _, (event,) = statement.decide(record, sample.subject(today), facts, command)
    return event


def failing(gates: Sequence[GateResult]) -> set[str]:
    return {gate.gate for gate in gates if not gate.passed}


@pytest.mark.requirement("R196")
def test_e_of_100_with_c_of_100_is_neutral() -> None:
    issued = ask(sample.given(history()), known())
    assert isinstance(issued, StatementIssued)
    assert (issued.emissions_tonnes_rounded_up, issued.credits_tonnes) == (100, 100)
    assert issued.scope2_basis == "market"
    assert issued.valid == sample.YEAR


@pytest.mark.requirement("R196")
def test_e_of_100_point_1_with_c_of_100_is_not_neutral() -> None:
    more = sample.inventory(totals=sample.totals(market="100100"))
    refused = ask(sample.given(history(more)), known(more))
    assert isinstance(refused, StatementRefused)
    assert failing(refused.gates) == {"neutrality"}
    (gate,) = [gate for gate in refused.gates if gate.gate == "neutrality"]
    assert "101" in gate.found
    assert gate.cure is not None


def test_iso_14068_takes_the_location_based_total_and_says_how_much_is_missing() -> None:
    refused = ask(sample.given(history()), known(), ISO)
    assert isinstance(refused, StatementRefused)
    assert failing(refused.gates) == {"neutrality"}
    (gate,) = [gate for gate in refused.gates if gate.gate == "neutrality"]
    assert gate.cure is not None
    assert "50 more credits" in gate.cure


def test_without_an_own_reduction_pas_says_all_offset_and_iso_refuses() -> None:
    record = sample.given(history(reduced=False))
    issued = ask(record, known())
    assert isinstance(issued, StatementIssued)
    assert any("all emissions are offset" in notice for notice in issued.notices)
    refused = ask(record, known(), ISO)
    assert isinstance(refused, StatementRefused)
    assert "hierarchy" in failing(refused.gates)


@pytest.mark.requirement("R192")
def test_after_the_withdrawal_of_pas_2060_the_statement_carries_the_notice_or_is_switched_off() -> None:
    late = date(2025, 12, 1)
    record = sample.given(history())
    judgement = statement.judge(record, sample.CLAIM, PAS, known(), late)
    assert [notice.code for notice in judgement.evaluation.notices] == ["withdrawn"]
    (choice,) = policy.decide(record, sample.subject(late), withdrawn_standards_refused=True)
    refusing = record_evolve(record, choice)
    off = statement.judge(refusing, sample.CLAIM, PAS, known(), late)
    assert "standard" in failing(off.gates())


def test_on_a_late_day_the_closed_window_is_incurable_and_another_period_is_named() -> None:
    judgement = statement.judge(
        sample.given(history()), sample.CLAIM, ISO, known(retired=[]), date(2026, 11, 22)
    )
    assert not judgement.passed
    assert "retirement-window" in {gate.gate for gate in judgement.prospect.incurable}
    assert judgement.prospect.instead is not None
    assert judgement.prospect.instead.start == sample.YEAR.end


@pytest.mark.requirement("R195")
def test_without_retired_credits_there_is_no_declaration() -> None:
    refused = ask(sample.given(history()), known(retired=[]))
    assert isinstance(refused, StatementRefused)
    assert "neutrality" in failing(refused.gates)


def test_credits_of_a_project_that_nobody_confirmed_outside_do_not_count() -> None:
    other = sample.retired(correlation_id=sample.CLAIM)
    refused = ask(sample.given(history()), known(retired=[other]))
    assert isinstance(refused, StatementRefused)
    assert "credits-genuine" in failing(refused.gates)


def test_an_inventory_without_scope_3_gets_no_full_chain_statement() -> None:
    partial = sample.inventory(
        lines=[sample.line("1", "gas", "60000"), sample.line("2", "grid", "30000", "market")]
    )
    refused = ask(sample.given(history(partial)), known(partial))
    assert isinstance(refused, StatementRefused)
    assert "subject" in failing(refused.gates)


@pytest.mark.requirement("R216")
def test_a_standing_statement_is_not_issued_twice() -> None:
    events = history()
    issued = ask(sample.given(events), known())
    with pytest.raises(Refused, match="R216"):
        ask(sample.given([*events, issued]), known())


def test_an_inventory_superseded_between_two_steps_stops_the_statement() -> None:
    replaced = Known(
        sample.factory(),
        {sample.INVENTORY: KnownInventory(sample.inventory(), superseded_by=sample.restated().inventory_id)},
        [sample.retired()],
    )
    with pytest.raises(Refused, match="superseded"):
        ask(sample.given(history()), replaced)


def test_a_superseding_inventory_suspends_what_stood_on_the_old_one_once() -> None:
    events = history()
    events.append(ask(sample.given(events), known()))
    (suspended,) = suspension.inventory_superseded(sample.given(events), sample.subject(), sample.restated())
    assert "late gas invoice" in suspended.reason
    events.append(suspended)
    assert suspension.inventory_superseded(sample.given(events), sample.subject(), sample.restated()) == []


def test_an_inventory_of_another_period_suspends_nothing() -> None:
    events = history()
    events.append(ask(sample.given(events), known()))
    other = sample.restated(supersedes=sample.REQUEST)
    assert suspension.inventory_superseded(sample.given(events), sample.subject(), other) == []


def test_withdrawn_credits_and_withdrawn_certificates_suspend() -> None:
    events = history()
    events.append(ask(sample.given(events), known()))
    record, unit = sample.given(events), sample.withdrawn()
    of_claim = sample.retired().retirement_id
    assert suspension.units_withdrawn(record, sample.subject(), unit, of_claim, {})
    other = sample.OPINION
    assert suspension.units_withdrawn(record, sample.subject(), unit, other, {}) == []
    energy = {sample.SHA: frozenset({other})}
    assert suspension.units_withdrawn(record, sample.subject(), unit, other, energy)


@pytest.mark.requirement("R216")
def test_a_suspended_statement_comes_back_as_a_new_version_on_the_new_inventory() -> None:
    events = history()
    events.append(ask(sample.given(events), known()))
    version2 = sample.restated()
    events += suspension.inventory_superseded(sample.given(events), sample.subject(), version2)
    inventory = KnownInventory(version2)
    signed = sample.sign_opinion(version2, opinion_id=sample.BLOCK)
    events += opinion.decide(sample.given(events), sample.subject(), inventory, sample.verifier(), signed)
    again = sample.open_claim(inventory_id=version2.inventory_id, opinion_id=sample.BLOCK)
    events += claim.decide(sample.given(events), sample.subject(), inventory, again)
    issued = ask(sample.given(events), known(version2))
    assert isinstance(issued, StatementIssued)
    assert issued.version == 2
    state = sample.given([*events, issued]).statements[issued.statement_id]
    assert state.stands
    assert [one.version for one in state.versions] == [1, 2]


def test_the_bundle_of_a_claim_is_that_of_the_version_issued_last() -> None:
    events = history()
    first = ask(sample.given(events), known())
    assert isinstance(first, StatementIssued)
    later = first.model_copy(update={"statement_id": sample.BLOCK, "standard": ISO})
    again = first.model_copy(update={"version": 2})
    record = sample.given([*events, first, later, again])
    assert record.last_issued(sample.CLAIM) == again
    assert record.last_issued(sample.OPINION) is None


def test_the_commitment_that_counts_begins_with_the_period_or_at_its_end() -> None:
    fitting = sample.make_commitment()
    distant = sample.make_commitment(
        commitment_id=sample.BLOCK, period=Period(start=date(2026, 1, 1), end=date(2027, 1, 1))
    )
    events: list[Event] = []
    for command in (fitting, distant):
        events += commitment.decide(sample.given(events), sample.subject(), command)
    found = sample.given(events).commitment_for(sample.YEAR)
    assert found is not None
    assert found.commitment_id == fitting.commitment_id
