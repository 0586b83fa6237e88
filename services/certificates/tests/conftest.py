"""A block of each kind, and `given` events as the state they lead to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from zerocarbon.certificates.domain.block import Block, evolve
from zerocarbon.certificates.domain.claim import Claim
from zerocarbon.certificates.domain.reserve import Beneficiary, ReserveUnits
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.certificate import BlockIssued, Project

OWNER = natural_id("organisation", "owner")
OTHER = natural_id("organisation", "other")
FACTORY = natural_id("factory", "cell-works")
BLOCK = natural_id("block", "of-the-tests")

Given = Callable[[Sequence[Event]], Block]
Issued = Callable[..., BlockIssued]
Reserve = Callable[..., ReserveUnits]


@pytest.fixture
def given() -> Given:
    """The block after events."""

    def fold(events: Sequence[Event]) -> Block:
        state: Block | None = None
        for event in events:
            state = evolve(state, event)
        assert state is not None
        return state

    return fold


@pytest.fixture
def gec() -> Issued:
    """A GEC block of 1,000 MWh of January 2024."""
    return _issued(
        scheme="GEC",
        registry="cn-gec",
        unit="MWh",
        project=Project(
            code="wind-01",
            name="Wind farm one",
            technology="onshore-wind",
            country="CN",
            location="Gansu",
            subsidised=False,
        ),
        vintage_start=date(2024, 1, 1),
        vintage_end=date(2024, 2, 1),
        issued_on=date(2024, 2, 20),
    )


@pytest.fixture
def ccer() -> Issued:
    """A CCER block of 1,000 t of 2021 to 2023."""
    return _issued(
        scheme="CCER",
        registry="cn-ccer",
        unit="tCO2e",
        project=Project(
            code="offshore-01",
            name="Offshore wind one",
            technology="offshore-wind",
            country="CN",
            location="Jiangsu, at sea",
            kind="reduction",
        ),
        vintage_start=date(2021, 1, 1),
        vintage_end=date(2024, 1, 1),
        issued_on=date(2025, 3, 7),
    )


@pytest.fixture
def reserve() -> Reserve:
    """Reserves units of January to December 2024 on 15 June 2025 for the factory of the tests."""

    def command(low: int = 0, high: int = 100, purpose: str = "scope2-claim", **more: Any) -> ReserveUnits:
        request = more.pop("request", "first")
        period = more.pop("period", (date(2024, 1, 1), date(2025, 1, 1)))
        country = more.pop("country", "CN")
        values: dict[str, Any] = {
            "range": SerialRange(low, high),
            "organisation_id": OWNER,
            "reservation_id": natural_id("reservation", request, str(low)),
            "correlation_id": natural_id("request", request),
            "claim": Claim(FACTORY, purpose, *period),  # type: ignore[arg-type]
            "beneficiary": Beneficiary(FACTORY, country),
            "expires_at": datetime(2025, 6, 29, tzinfo=UTC),
            "today": date(2025, 6, 15),
        }
        return ReserveUnits(**{**values, **more})

    return command


def _issued(**facts: Any) -> Issued:
    def event(**changes: Any) -> BlockIssued:
        base = {"block_id": BLOCK, "organisation_id": OWNER, "serial": "A", "low": 0, "high": 1000}
        return BlockIssued.model_validate({**base, **facts, **changes})

    return event
