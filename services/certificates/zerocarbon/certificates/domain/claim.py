"""What units are retired for: one beneficiary, one purpose, one period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zerocarbon.common.refusal import Violation
from zerocarbon.contracts.base import Period
from zerocarbon.contracts.certificate import Purpose, Unit

PURPOSES_OF: dict[Unit, tuple[Purpose, ...]] = {
    "MWh": ("scope2-claim", "quota"),
    "tCO2e": ("neutrality-claim", "compliance"),
}
"""Two systems of units, no conversion: MWh act on scope 2 only, tCO2e in the neutrality test only (R208)."""

_RULE_OF_WRONG_UNIT: dict[Unit, tuple[str, str]] = {
    "MWh": ("DC12", "certificates in MWh act on scope 2 only and are never tonnes of a neutrality test"),
    "tCO2e": ("R208", "credits in tCO2e act in the neutrality test only and never on scope 2"),
}


@dataclass(frozen=True, slots=True)
class Claim:
    """The one thing that a retired unit serves (R134, DC18, DC20)."""

    factory_id: str
    purpose: Purpose
    start: date
    end: date

    @property
    def period(self) -> Period:
        """The period in the form of the contracts."""
        return Period(start=self.start, end=self.end)


def wrong_unit(unit: Unit, purpose: Purpose) -> Violation | None:
    """What is wrong with using this unit for this purpose, if anything."""
    if purpose in PURPOSES_OF[unit]:
        return None
    rule, message = _RULE_OF_WRONG_UNIT[unit]
    return Violation(rule, message, "/purpose")
