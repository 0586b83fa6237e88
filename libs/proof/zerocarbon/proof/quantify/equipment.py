"""What closed equipment lost: mass balance of its agent over a period (R63, rules 4).

Loss = refilled + (charged at installation - growth of the nameplate charge) + lost at disposal. The source's
own quantity is what was refilled; the other terms are recorded where they occur (`flows`). The charge on the
nameplate alone is no emission.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.proof.numbers import SUM_CONTEXT
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.quantify.flows import CHARGED, DISPOSAL_LOSS, NAMEPLATE_GROWTH, Balance

REFILL_NOTE = "refilled mass equals the loss; composition by mass fraction"
BALANCE_NOTE = "refilled + charged - nameplate growth + disposal loss; composition by mass fraction"


@dataclass(frozen=True, slots=True)
class Loss:
    """What was lost, in the unit of the source, and what the line says about it."""

    quantity: Decimal
    notes: tuple[str, ...]


def loss(calculation: Calculation, balance: Balance) -> Loss:
    """The loss of a source.

    Raises:
        FaultyFlow: the nameplate charge grew by more than was charged. Equipment that comes charged counts
            that charge among what was charged; else a growth would hide what was refilled.
    """
    refilled = calculation.quantity(balance.source)
    if not balance.terms:
        return Loss(refilled, (REFILL_NOTE,))
    installed = SUM_CONTEXT.subtract(balance.term(CHARGED), balance.term(NAMEPLATE_GROWTH))
    if installed < 0:
        raise balance.refuse(
            NAMEPLATE_GROWTH,
            f"the nameplate charge of {balance.source.code} grew by {-installed} {balance.source.unit} more "
            "than was charged at installation",
        )
    lost = SUM_CONTEXT.add(SUM_CONTEXT.add(refilled, installed), balance.term(DISPOSAL_LOSS))
    return Loss(lost, (BALANCE_NOTE, *balance.notes))
