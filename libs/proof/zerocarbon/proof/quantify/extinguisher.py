"""Scope 1 extinguishers and fixed extinguishing systems: refill mass (rules 4, guide 5.4).

An agent that is a gas is what was lost; halons stand outside the scopes (finding E23). Others have a share of
gas that they release. Foam and acid-alkali extinguishers make carbon dioxide when they are used: how much per
kilogram of filling is for the maker to say, as an own factor with evidence.
"""

from __future__ import annotations

from collections.abc import Iterator

from zerocarbon.proof import formulas
from zerocarbon.proof.factors import purposes
from zerocarbon.proof.factors.choice import Chosen
from zerocarbon.proof.gwp import UnknownAgent
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.quantify.equipment import loss
from zerocarbon.proof.quantify.flows import Balance, balances
from zerocarbon.proof.quantify.placing import FUGITIVE, released_lines
from zerocarbon.proof.quantify.refrigerant import balance_lines


def extinguisher_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line a source and treatment.

    Raises:
        NoFactor: the agent is no gas, and no share that it releases is confirmed.
        FaultyFlow: see `equipment.loss`.
        NoGwp: the gas has no potential that a claim may use.
    """
    for balance in balances(calculation, "extinguisher"):
        released = _released(calculation, balance.source.substance)
        if released is None:
            yield from balance_lines(calculation, balance, formulas.EXTINGUISHER)
        else:
            yield from _by_share(calculation, balance, released)


def _released(calculation: Calculation, agent: str) -> Chosen | None:
    """The gas that a kilogram of agent releases; None where the agent is a gas or a blend of gases.

    The tables of gases come first: a share that an organisation approved cannot make a gas release less.
    """
    try:
        calculation.gwp.composition(agent)
    except UnknownAgent:
        return calculation.choose(purposes.EXTINGUISHER_RELEASE, agent)
    return None


def _by_share(calculation: Calculation, balance: Balance, released: Chosen) -> Iterator[InventoryLine]:
    source, factor, lost = balance.source, released.factor, loss(calculation, balance)
    yield from released_lines(
        calculation,
        source,
        FUGITIVE,
        lost.quantity,
        [(factor.gas, factor.gas_kilograms(lost.quantity, source.unit))],
        factors=(released.use(),),
        formula=formulas.EXTINGUISHER_BY_SHARE,
        notes=lost.notes,
    )
