"""A closed version as it was frozen, and the certificates of its period, also those taken back since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zerocarbon.accounting.store import inventories
from zerocarbon.accounting.store.inventories import Version
from zerocarbon.common.postgres.session import Connection
from zerocarbon.proof import formulas
from zerocarbon.proof.facts import Retirement
from zerocarbon.proof.inventory import Totals
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import total
from zerocarbon.proof.retired import energy_retirement
from zerocarbon.proof.units import convert


@dataclass(frozen=True, slots=True)
class Certificate:
    """A retirement for the period. `withdrawn` once its registry took it back."""

    retirement_id: str
    fact: Retirement
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class ClosedFacts:
    """A closed version. `closed` is its published `inventory-closed`."""

    closed: dict[str, Any]
    certificates: tuple[Certificate, ...]

    @property
    def lines(self) -> tuple[InventoryLine, ...]:
        """Its frozen lines."""
        return tuple(InventoryLine.from_json(line) for line in self.closed["lines"])

    @property
    def totals(self) -> Totals:
        """Its frozen totals."""
        return Totals.from_json(self.closed["totals"])

    @property
    def knowledge_date(self) -> date:
        """What was public by then was used."""
        return date.fromisoformat(self.closed["knowledge_date"])

    @property
    def readings_count(self) -> int:
        """How many leaves its evidence had."""
        return int(self.closed["readings_count"])

    @property
    def readings_root(self) -> str:
        """Their root, lower-case hexadecimal."""
        return str(self.closed["readings_root"])

    def retired_then(self) -> tuple[Retirement, ...]:
        """The certificates that the version counted.

        It names retirements; of one that consists of several blocks, some may have been taken back before.
        The megawatt-hours of the frozen lines tell which.
        """
        named = [one for one in self.certificates if one.retirement_id in self.closed["retirements"]]
        standing = tuple(one.fact for one in named if not one.withdrawn)
        claimed = total(
            convert(line.quantity, line.unit, "MWh")
            for line in self.lines
            if line.formula == formulas.CERTIFICATES
        )
        if sum((Decimal(fact.units) for fact in standing), Decimal(0)) == claimed:
            return standing
        return tuple(one.fact for one in named)

    def retired_since(self) -> frozenset[str]:
        """Retirements that stand and that the version did not count yet."""
        standing = {one.retirement_id for one in self.certificates if not one.withdrawn}
        return frozenset(standing - set(self.closed["retirements"]))

    def withdrawn_since(self) -> frozenset[str]:
        """Retirements that the version counted and that carry no claim any more, or not whole."""
        counted = set(self.retired_then())
        return frozenset(
            one.retirement_id
            for one in self.certificates
            if one.withdrawn and one.retirement_id in self.closed["retirements"] and one.fact in counted
        )


async def of_version(connection: Connection, organisation_id: str, version: Version) -> ClosedFacts:
    """What a closed version froze; `version` must be closed."""
    assert version.closed is not None, f"{version.inventory_id} is open"
    rows = await connection.fetch(
        "SELECT retirement_id::text, fact, withdrawn FROM retirement WHERE organisation_id = $1"
        " AND factory_id = $2 AND period_start = $3 AND period_end = $4"
        " ORDER BY retirement_id, block_id, low",
        organisation_id,
        version.factory_id,
        version.period.start,
        version.period.end,
    )
    return ClosedFacts(
        version.closed,
        tuple(
            Certificate(row["retirement_id"], energy_retirement(json.loads(row["fact"])), row["withdrawn"])
            for row in rows
        ),
    )


async def of_base(connection: Connection, organisation_id: str, version: Version) -> ClosedFacts | None:
    """The closed version that another is held against: itself once it is closed, else what it supersedes."""
    if version.closed is not None:
        return await of_version(connection, organisation_id, version)
    if version.supersedes is None:
        return None
    superseded = await inventories.find(connection, organisation_id, version.factory_id, version.supersedes)
    return await of_version(connection, organisation_id, superseded)
