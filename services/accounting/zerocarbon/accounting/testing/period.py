"""A period that was opened, and what a test says about it: given, refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import reduce

import pytest

from zerocarbon.accounting.domain import book, opening
from zerocarbon.common.refusal import Refused
from zerocarbon.contracts.base import Event, Period
from zerocarbon.contracts.inventory import (
    InventoryOpened,
    ScreenedCategory,
    ScreeningRecorded,
)

ORGANISATION = "00000000-0000-7000-8000-000000000001"
FACTORY = "00000000-0000-7000-8000-000000000002"
FIRST = "00000000-0000-7000-8000-000000000003"
SECOND = "00000000-0000-7000-8000-000000000004"
PREPARER = "00000000-0000-7000-8000-00000000000a"
REVIEWER = "00000000-0000-7000-8000-00000000000b"
NOW = datetime(2025, 6, 20, 8, tzinfo=UTC)
HASH = "0" * 64
OPERATING = "operating"

WISH = opening.OpenInventory(
    inventory_id=FIRST,
    organisation_id=ORGANISATION,
    factory_id=FACTORY,
    profile="ghg-protocol",
    preparer_id=PREPARER,
    start=date(2024, 1, 1),
    end=date(2025, 1, 1),
    consolidation="operational-control",
    scopes=("1", "2", "3"),
    operational_boundary="All sources of the site; scope 3 above one per cent.",
)

OPENED = InventoryOpened(
    inventory_id=FIRST,
    organisation_id=ORGANISATION,
    factory_id=FACTORY,
    period=Period(start=date(2024, 1, 1), end=date(2025, 1, 1)),
    profile="ghg-protocol",
    consolidation="operational-control",
    scopes=["1", "2", "3"],
    operational_boundary="All sources of the site; scope 3 above one per cent.",
    preparer_id=PREPARER,
)


def given(*events: Event) -> book.Book:
    return reduce(book.evolve, events, book.initial())


def refused(act: Callable[[], object]) -> list[str]:
    """The rules by which an act is refused."""
    with pytest.raises(Refused) as caught:
        act()
    return [violation.rule for violation in caught.value.violations]


def screened(*states: tuple[int, str]) -> ScreeningRecorded:
    return ScreeningRecorded(
        inventory_id=FIRST,
        organisation_id=ORGANISATION,
        factory_id=FACTORY,
        categories=[
            ScreenedCategory.model_validate(
                {"category": category, "state": state, "reason": None if state == "calculated" else "small"}
            )
            for category, state in states
        ],
        preparer_id=PREPARER,
    )
