"""An organisation's own factors by example."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import reduce

import pytest

from zerocarbon.accounting.domain import own_factor
from zerocarbon.common.refusal import NotFound, Refused
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.inventory import FactorSubmitted

SUBMITTER = "00000000-0000-7000-8000-00000000000a"
APPROVER = "00000000-0000-7000-8000-00000000000b"
TODAY = date(2025, 6, 20)
WANTED = FactorSubmitted(
    organisation_id="00000000-0000-7000-8000-000000000001",
    factor="steam-supplier",
    version=1,
    substance="steam",
    purpose="heat",
    value=Decimal("0.102"),
    unit="tCO2/GJ",
    gas="CO2",
    valid_from=date(2024, 1, 1),
    published=date(2025, 2, 1),
    source="supplier's verified statement",
    evidence_sha256="0" * 64,
    submitter_id=SUBMITTER,
)


def given(*events: Event) -> own_factor.OwnFactor:
    return reduce(own_factor.evolve, events, own_factor.initial())


def refused(factor: own_factor.OwnFactor, **changed: object) -> list[str]:
    with pytest.raises(Refused) as caught:
        own_factor.submit(factor, WANTED.model_copy(update=changed), TODAY)
    return [violation.rule for violation in caught.value.violations]


def test_versions_are_numbered_in_the_order_in_which_they_are_put_forward() -> None:
    first = own_factor.submit(given(), WANTED, TODAY)
    second = own_factor.submit(given(first), WANTED.model_copy(update={"value": Decimal("0.1")}), TODAY)
    assert (first.version, second.version) == (1, 2)


def test_what_cannot_be_a_factor_is_refused_with_all_its_rules() -> None:
    assert refused(given(), value=Decimal(-1), valid_to=date(2024, 1, 1), published=date(2025, 6, 21)) == [
        "factor-validity",
        "factor-published",
        "rules 3",
    ]
    assert refused(given(WANTED), gas="CH4", unit="tCH4/GJ") == ["factor-gas"]


def test_somebody_else_approves() -> None:
    submitted = own_factor.submit(given(), WANTED, TODAY)
    with pytest.raises(Refused, match="somebody else"):
        own_factor.approve(given(submitted), 1, SUBMITTER)
    approved = own_factor.approve(given(submitted), 1, APPROVER)
    assert (approved.value, approved.approver_id, approved.version) == (Decimal("0.102"), APPROVER, 1)
    with pytest.raises(Refused, match="already"):
        own_factor.approve(given(submitted, approved), 1, APPROVER)


def test_a_version_that_does_not_exist_is_not_approved() -> None:
    with pytest.raises(NotFound):
        own_factor.approve(given(), 1, APPROVER)
