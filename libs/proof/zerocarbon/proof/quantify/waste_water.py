"""Scope 1 methane of waste water: (removed - in the sludge) x B0 x MCF - recovered (rules 4).

The quantity is the oxygen demand that the anaerobic step removed, as COD, or as BOD where the source says so;
its substance names the treatment. Carbon dioxide of the treatment is biogenic and not counted.

Methane recovered is recorded once, in `methane-recovery` sources. It acts here, inside the source that made
it, unless the profile follows a guide that subtracts it in a line of its own (`recovery`). Either way more
recovered than the source made is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from zerocarbon.proof import formulas
from zerocarbon.proof.factors import purposes
from zerocarbon.proof.facts import Source
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import QUOTIENT_CONTEXT, SUM_CONTEXT, product
from zerocarbon.proof.quantify.attributes import factor_share, one_of
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.quantify.flows import SLUDGE, Balance, NegativeBalance, balances
from zerocarbon.proof.quantify.placing import FUGITIVE
from zerocarbon.proof.quantify.recovery import Recovered, recovered_methane, subtracts_apart

OXYGEN_DEMAND = "oxygen_demand"
COD, BOD = "cod", "bod"


def oxygen_demand(source: Source) -> str:
    """What the quantity of a waste-water source is: `cod` or `bod`."""
    return one_of(source, OXYGEN_DEMAND, (COD, BOD), COD)


def waste_water_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line a source that stands for itself.

    Raises:
        NoFactor: no confirmed MCF of the treatment; the organisation may bring its own.
        NegativeBalance: more in the sludge than was removed, or more recovered than was made.
        FaultyFlow, FaultyAttribute: see `flows`, `recovery`.
        BadAttribute: an own MCF is no share.
    """
    found = balances(calculation, "waste-water")
    apart = subtracts_apart(calculation.profile, "methane-recovery")
    recovered = recovered_methane(calculation, [balance.source.code for balance in found])
    for balance in found:
        yield _line(calculation, balance, recovered.get(balance.source.code), apart=apart)


def _line(
    calculation: Calculation, balance: Balance, recovered: Recovered | None, *, apart: bool
) -> InventoryLine:
    source = balance.source
    demand = oxygen_demand(source)
    net = SUM_CONTEXT.subtract(calculation.quantity(source), balance.term(SLUDGE))
    if net < 0:
        raise NegativeBalance(f"{source.code}: {-net} {source.unit} more in the sludge than was removed")
    b0 = calculation.choose(purposes.WASTE_WATER_B0, demand)
    mcf = calculation.choose(purposes.WASTE_WATER_MCF, source.substance)
    made = product(b0.factor.gas_kilograms(net, source.unit), factor_share(mcf.factor))
    notes = (f"the quantity is {demand.upper()}", *balance.notes)
    emitted, formula = made, formulas.WASTE_WATER
    if recovered is not None:
        left = _less(source, made, recovered.kilograms)
        if not apart:
            emitted, formula = left, formulas.WASTE_WATER_LESS_RECOVERED
            notes = (*notes, *recovered.notes)
    return calculation.line(
        source,
        FUGITIVE,
        net,
        factors=(b0.use(), mcf.use()),
        gases=(calculation.gas(b0.factor.gas, emitted),),
        formula=formula,
        notes=notes,
    )


def _less(source: Source, made: Decimal, recovered: Decimal) -> Decimal:
    if recovered > made:
        raise NegativeBalance(f"{source.code}: {recovered} kg of CH4 recovered, {made} kg made")
    return QUOTIENT_CONTEXT.subtract(made, recovered)
