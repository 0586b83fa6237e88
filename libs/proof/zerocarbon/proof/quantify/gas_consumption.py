"""How much of a process gas was consumed: metered, or by the balance of its stocks (rules 4).

Consumption = opening stock + received - closing stock - returned, less the heel that is left in the emptied
cylinders. Each term is recorded (`flows`). The heel is weighed or taken at a share, never both; the default
share of the guidelines is not confirmed and would lower the figure, so it counts for nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.proof.factors import purposes
from zerocarbon.proof.facts import Source
from zerocarbon.proof.line import FactorUse
from zerocarbon.proof.numbers import QUOTIENT_CONTEXT, SUM_CONTEXT, canonical, product
from zerocarbon.proof.quantify import flows
from zerocarbon.proof.quantify.attributes import FaultyAttribute, factor_share, one_of
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.quantify.flows import Balance, NegativeBalance

COUNTS = "counts"
CONSUMPTION, RECEIVED = "consumption", "received"
HEEL = "heel"
WEIGHED, DEFAULT = "weighed", "default"
NO_HEEL_NOTE = "no heel was weighed: none is subtracted"
DEFAULT_HEEL_NOTE = (
    "the default heel is not confirmed and would lower the figure: none is subtracted until one is weighed, "
    "or the organisation's own is approved (rules 4)"
)


class ConsumptionTwice(FaultyAttribute):
    """The heel is given in two ways, or a balance beside a consumption that is known."""

    rule = "rules 4"


@dataclass(frozen=True, slots=True)
class Consumption:
    """What was consumed, in the unit of the source, and how that is known."""

    quantity: Decimal
    by_balance: bool
    factors: tuple[FactorUse, ...]
    notes: tuple[str, ...]


def counted(source: Source) -> str:
    """What the quantity of a process gas source counts: `consumption`, or what was `received`."""
    return one_of(source, COUNTS, (CONSUMPTION, RECEIVED), CONSUMPTION)


def heel_choice(source: Source) -> str:
    """How the heel is given: `weighed`, by `default`, or blank.

    Raises:
        ConsumptionTwice: beside a consumption, which is net of it.
    """
    choice = one_of(source, HEEL, ("", WEIGHED, DEFAULT), "")
    if choice and counted(source) == CONSUMPTION:
        raise ConsumptionTwice(source.code, HEEL, "a consumption is net of the heel already")
    return choice


def consumption(calculation: Calculation, balance: Balance) -> Consumption:
    """The consumption of a source.

    Raises:
        ConsumptionTwice: terms of a balance beside a consumption; a weighed heel beside the default.
        FaultyAttribute: a balance lacks a stock, or a heel is called weighed that was not.
        NegativeBalance: more left than came.
        BadAttribute: an own heel is no share.
    """
    source = balance.source
    quantity = calculation.quantity(source)
    if counted(source) == CONSUMPTION:
        heel_choice(source)
        if balance.codes:
            first = min(balance.codes.values())
            raise ConsumptionTwice(
                first,
                flows.BALANCE_OF,
                f"{source.code} counts a consumption; a balance needs {COUNTS}={RECEIVED}",
            )
        return Consumption(quantity, False, (), ())
    for stock in (flows.OPENING_STOCK, flows.CLOSING_STOCK):
        if stock not in balance.terms:
            raise FaultyAttribute(
                source.code, COUNTS, f"a balance needs the {stock}, zero where there is none"
            )
    used = SUM_CONTEXT.add(quantity, balance.term(flows.OPENING_STOCK))
    for flow in (flows.CLOSING_STOCK, flows.RETURNED):
        used = SUM_CONTEXT.subtract(used, balance.term(flow))
    _not_negative(source, used)
    return _less_heel(calculation, balance, used)


def _less_heel(calculation: Calculation, balance: Balance, used: Decimal) -> Consumption:
    source, choice = balance.source, heel_choice(balance.source)
    weighed = flows.HEEL in balance.terms
    received = f"received: {canonical(calculation.quantity(source))} {source.unit}"
    notes = (received, *balance.notes)
    if choice == DEFAULT:
        if weighed:
            raise ConsumptionTwice(
                source.code, HEEL, f"weighed ({balance.codes[flows.HEEL]}) and taken at the default"
            )
        return _less_share(calculation, source, used, notes)
    if weighed:
        left = SUM_CONTEXT.subtract(used, balance.term(flows.HEEL))
        _not_negative(source, left)
        return Consumption(left, True, (), notes)
    if choice == WEIGHED:
        raise FaultyAttribute(source.code, HEEL, "called weighed, but no weighed heel has data")
    return Consumption(used, True, (), (*notes, NO_HEEL_NOTE))


def _less_share(
    calculation: Calculation, source: Source, used: Decimal, notes: tuple[str, ...]
) -> Consumption:
    own = calculation.find(purposes.PROCESS_HEEL, source.substance)
    if own is None:
        return Consumption(used, True, (), (*notes, DEFAULT_HEEL_NOTE))
    left = QUOTIENT_CONTEXT.subtract(Decimal(1), factor_share(own.factor))
    return Consumption(product(used, left), True, (own.use(),), notes)


def _not_negative(source: Source, quantity: Decimal) -> None:
    if quantity < 0:
        raise NegativeBalance(f"{source.code}: the balance gives {quantity} {source.unit}")
