"""A fictional year of a cell plant, for tests of direct emissions; every figure is made up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.factors.approved import approved_factor
from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.facts import Factory, Period, Source, SourceKind
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.quantify import InventoryInputs, quantify

YEAR_2024 = Period(date(2024, 1, 1), date(2025, 1, 1))


def own_factor(purpose: str, substance: str, value: str, unit: str, gas: str) -> Factor:
    """An organisation's approved factor, valid from 2024 on; its id is made of purpose, substance and gas."""
    event: dict[str, Json] = {
        "factor": f"{purpose}-{substance}-{gas.lower()}",
        "version": 1,
        "substance": substance,
        "purpose": purpose,
        "value": value,
        "unit": unit,
        "gas": gas,
        "valid_from": "2024-01-01",
        "published": "2025-01-31",
        "source": "Measured on site",
        "evidence_sha256": "11" * 32,
    }
    return approved_factor(event)


def source(code: str, kind: SourceKind, substance: str, unit: str = "kg", **attributes: str) -> Source:
    """A source with attributes."""
    return Source(code, kind, substance, unit, None, attributes)


def term(owner: Source, flow: str, unit: str = "kg") -> Source:
    """A source that is a term of another's balance; its code is made of both."""
    attributes = {"balance_of": owner.code, "flow": flow}
    return Source(f"{owner.code}-{flow}", owner.kind, owner.substance, unit, None, attributes)


def year(
    *recorded: tuple[Source, str],
    own: tuple[Factor, ...] = (),
    profile: str = "ghg-protocol",
    period: Period = YEAR_2024,
) -> InventoryInputs:
    """Sources and what they recorded in a period, as known in the middle of 2025."""
    return InventoryInputs(
        factory=Factory("yancheng", "Asia/Shanghai", "CN", "CN-JS"),
        period=period,
        knowledge_date=date(2025, 6, 30),
        sources=tuple(one for one, _ in recorded),
        quantities={one.code: Decimal(quantity) for one, quantity in recorded},
        organisation_factors=own,
        profile=profile,
    )


def only_line(inputs: InventoryInputs) -> InventoryLine:
    """The one line of an inventory that has one."""
    (line,) = quantify(inputs)
    return line


def masses(line: InventoryLine) -> dict[str, Decimal]:
    """Kilograms of each gas."""
    return {mass.gas: mass.mass_kg for mass in line.gases}
