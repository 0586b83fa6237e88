"""What would make a refused claim pass, or that nothing would, and which period could be declared instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zerocarbon.proof.gates.claim import ClaimFacts
from zerocarbon.proof.gates.months import add_months, whole_months
from zerocarbon.proof.gates.result import GateResult
from zerocarbon.proof.gates.standard import Evaluation, Standard
from zerocarbon.proof.gates.timetable import last_day_to_retire, span
from zerocarbon.proof.period import Period


@dataclass(frozen=True, slots=True)
class Prospect:
    """The way on after a refusal.

    Attributes:
        cures: what to do, when every failing gate can be cured.
        incurable: the gates that nothing cures for this period.
        instead: the earliest following period of equal length that can still be declared, if one is needed.
        from_day: the first day on which that period can be declared.
    """

    cures: tuple[str, ...]
    incurable: tuple[GateResult, ...]
    instead: Period | None = None
    from_day: date | None = None

    @property
    def curable(self) -> bool:
        """Whether this very claim can still pass."""
        return not self.incurable

    def sentence(self) -> str:
        """The prospect in words."""
        if self.curable:
            return "; ".join(self.cures) if self.cures else "nothing is missing"
        gates = ", ".join(gate.gate for gate in self.incurable)
        if self.instead is None:
            return f"nothing cures {gates} for this period, and it gives no length for another one"
        return (
            f"nothing cures {gates} for this period; declare {span(self.instead)} instead,"
            f" from {self.from_day} on"
        )


def prospect(standard: Standard, facts: ClaimFacts, evaluation: Evaluation) -> Prospect:
    """What lies ahead of a claim that was judged."""
    failing = [gate for gate in evaluation.gates if not gate.passed]
    incurable = tuple(gate for gate in failing if gate.cure is None)
    if not incurable:
        return Prospect(evaluation.cures, ())
    instead = _next_open_period(standard, facts)
    return Prospect((), incurable, instead, instead.end if instead else None)


def _next_open_period(standard: Standard, facts: ClaimFacts) -> Period | None:
    """Follows the chain of equal periods to the first whose window to retire is still open."""
    months = whole_months(facts.period)
    if months is None:
        return None
    period = facts.period
    while True:
        period = Period(period.end, add_months(period.end, months))
        if not standard.window_closes or facts.declared_on < last_day_to_retire(period):
            return period
