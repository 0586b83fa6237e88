"""What arrived for a closed period: how far it would move the totals, and whether a new version is due.

The policy of recalculation has one threshold, in per cent of the period's total (rules 1 and 13): from it on
a restatement is due, below it what arrived is noted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from zerocarbon.proof.comparison import totals_less
from zerocarbon.proof.inventory import Totals

State = Literal["none", "below-threshold", "restatement-due"]

THRESHOLD_PERCENT = Decimal(5)
"""Usual under the GHG Protocol, and what the SBTi asks for (rules 1)."""

METHODS: Mapping[str, Sequence[str]] = {
    "location": ("scope1", "scope2_location", "scope3", "total_location"),
    "market": ("scope1", "scope2_market", "scope3", "total_market"),
}
"""What is set against the total of each scope 2 method. Scopes too: what moves from one to another counts."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A closed period against the same period with what arrived since.

    Attributes:
        today: what it would come to; None where that is refused.
        arrived: whether anything arrived, also what moves no figure.
        threshold_percent: of the closed total.
    """

    closed: Totals
    today: Totals | None
    arrived: bool
    threshold_percent: Decimal = THRESHOLD_PERCENT

    @property
    def difference(self) -> Totals | None:
        """Kilograms of CO2e that would come in addition."""
        return None if self.today is None else totals_less(self.today, self.closed)

    def percent(self, method: str) -> Fraction | None:
        """The largest difference of a scope or of the total, in per cent of the closed total of a method.

        None where there is no such share: the total is zero and something moved, or nothing can be computed.
        """
        if self.difference is None:
            return None
        moved = max(abs(getattr(self.difference, name)) for name in METHODS[method])
        if not moved:
            return Fraction(0)
        whole = abs(getattr(self.closed, f"total_{method}"))
        return Fraction(moved) / Fraction(whole) * 100 if whole else None

    @property
    def state(self) -> State:
        """What is to be done. What cannot be computed, or has no total to be measured by, is due."""
        shares = [self.percent(method) for method in METHODS]
        if any(share is None or (share and share >= Fraction(self.threshold_percent)) for share in shares):
            return "restatement-due"
        return "below-threshold" if self.arrived or self.difference != _NOTHING else "none"


_NOTHING = Totals(*[Decimal(0)] * 7)
