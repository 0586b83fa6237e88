"""Scope 1 refrigerants: what was lost, by mass balance (R63); blends by their composition (R60, R61)."""

from __future__ import annotations

from collections.abc import Iterator

from zerocarbon.proof import formulas
from zerocarbon.proof.facts import Source
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.quantify.attributes import FaultyAttribute, one_of
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.quantify.equipment import loss
from zerocarbon.proof.quantify.flows import BALANCE_OF, Balance, balances
from zerocarbon.proof.quantify.leak_rate import leaked
from zerocarbon.proof.quantify.placing import FUGITIVE, agent_gases, released_lines
from zerocarbon.proof.units import scale

COUNTS = "counts"
REFILL, CHARGE = "refill", "charge"


class ScreenedBalance(FaultyAttribute):
    """An estimate from the charge stands beside terms of a mass balance."""

    rule = "rules 4"


def counted(source: Source) -> str:
    """What the quantity of a refrigerant source counts: the `refill`, or the installed `charge`."""
    return one_of(source, COUNTS, (REFILL, CHARGE), REFILL)


def refrigerant_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line a source and treatment; each gas of a blend is kept.

    A source that states `counts=charge` gives the installed charge, and its line is an estimate by leak rate.

    Raises:
        FaultyAttribute: see `flows`, `equipment`; an estimate beside terms of a balance.
        NoFactor: an estimate without a leak rate that a claim may use.
        UnknownAgent, NoGwp: the agent or one of its gases has no potential that a claim may use.
    """
    for balance in balances(calculation, "refrigerant"):
        if counted(balance.source) == CHARGE:
            yield from _estimate(calculation, balance)
        else:
            yield from balance_lines(calculation, balance, formulas.REFRIGERANT)


def balance_lines(calculation: Calculation, balance: Balance, formula: str) -> Iterator[InventoryLine]:
    """The lines of an agent that was lost from closed equipment.

    Raises:
        FaultyFlow: see `equipment.loss`.
        UnknownAgent, NoGwp: see `placing.agent_gases`.
    """
    source, lost = balance.source, loss(calculation, balance)
    yield from released_lines(
        calculation,
        source,
        FUGITIVE,
        lost.quantity,
        agent_gases(calculation, source.substance, scale(lost.quantity, source.unit, "kg")),
        formula=formula,
        notes=lost.notes,
    )


def _estimate(calculation: Calculation, balance: Balance) -> Iterator[InventoryLine]:
    source = balance.source
    if balance.codes:
        raise ScreenedBalance(
            min(balance.codes.values()), BALANCE_OF, f"{source.code} is estimated from its charge"
        )
    estimate = leaked(calculation, source)
    yield from released_lines(
        calculation,
        source,
        FUGITIVE,
        calculation.quantity(source),
        agent_gases(calculation, source.substance, estimate.kilograms),
        factors=(estimate.rate.use(),),
        formula=formulas.REFRIGERANT_BY_LEAK_RATE,
        notes=estimate.notes,
    )
