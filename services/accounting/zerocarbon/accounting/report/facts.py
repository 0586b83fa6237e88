"""All that a report is made of, as plain data. Amounts are kilograms of CO2e, exact; dates are local."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zerocarbon.accounting.store.reported import Names, ReportedRetirement
from zerocarbon.contracts.inventory import InventoryClosed, InventoryOpened
from zerocarbon.proof.line import InventoryLine


@dataclass(frozen=True, slots=True)
class Amount:
    """Kilograms of CO2e under both scope 2 methods."""

    location_kg: Decimal
    market_kg: Decimal


@dataclass(frozen=True, slots=True)
class PastVersion:
    """A closed version of the same period and profile, up to the reported one."""

    version: int
    closed_on: date
    reason: str | None
    total: Amount
    inventory_sha256: str


@dataclass(frozen=True, slots=True)
class Purchase:
    """Purchased electricity in megawatt-hours, as it was known at the close.

    Attributes:
        months: by the first day of the month.
        hours: by local day and hour; an hour that a change of the clock repeats is one.
        unallocated_mwh: what came in readings or records longer than an hour.
    """

    months: tuple[tuple[date, Decimal], ...]
    hours: tuple[tuple[date, int, Decimal], ...]
    unallocated_mwh: Decimal


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A closed version and what stands around it.

    Attributes:
        opened: where the boundaries of the period were stated.
        lines: the lines of `closed` in the form that the views over them take.
        history: the closed versions of the period up to this one, by number.
        superseded_by: the newest version of the period, where it is not this one.
        retirements: the certificates that this version counted.
        purchase: None where the sums of today do not come to what was frozen.
    """

    closed: InventoryClosed
    opened: InventoryOpened
    lines: tuple[InventoryLine, ...]
    names: Names
    time_zone: str
    country: str
    grid_region: str
    history: tuple[PastVersion, ...]
    superseded_by: int | None
    retirements: tuple[ReportedRetirement, ...]
    purchase: Purchase | None
