"""Scope 1 switchgear: sulphur hexafluoride and its substitutes, by mass balance (rules 4, finding E4)."""

from __future__ import annotations

from collections.abc import Iterator

from zerocarbon.proof import formulas
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.quantify.flows import balances
from zerocarbon.proof.quantify.refrigerant import balance_lines


def switchgear_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line a source and treatment: what was refilled equals what was lost, beside the other terms.

    Raises:
        FaultyFlow, UnknownAgent, NoGwp: see `refrigerant.balance_lines`.
    """
    for balance in balances(calculation, "switchgear"):
        yield from balance_lines(calculation, balance, formulas.SWITCHGEAR)
