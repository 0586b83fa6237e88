"""Scope 1 carbonates, such as those that neutralise waste water of etching: stoichiometric CO2 (rules 4)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from zerocarbon.proof import formulas
from zerocarbon.proof.factors import purposes
from zerocarbon.proof.facts import Source
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import canonical, product
from zerocarbon.proof.quantify.attributes import ONE, evidence, share
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.quantify.placing import PROCESS

PURITY, EVIDENCE = "purity", "purity_evidence"


def carbonate_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line a source: mass x purity x factor, all of it taken to react.

    Attributes read: `purity`, the share of the mass that is carbonate, which counts only with
    `purity_evidence` (a hash or reference): without it all is carbonate.

    Raises:
        NoFactor: no confirmed factor of the carbonate.
        FaultyAttribute: the purity is no share from 0 to 1.
        WrongDimension: the quantity is no mass.
    """
    for source in calculation.sources("carbonate"):
        yield _line(calculation, source)


def _line(calculation: Calculation, source: Source) -> InventoryLine:
    quantity = calculation.quantity(source)
    chosen = calculation.choose(purposes.CARBONATE, source.substance)
    purity, note = _purity(source)
    kilograms = chosen.factor.gas_kilograms(product(quantity, purity), source.unit)
    return calculation.line(
        source,
        PROCESS,
        quantity,
        factors=(chosen.use(),),
        gases=(calculation.gas(chosen.factor.gas, kilograms),),
        formula=formulas.CARBONATE,
        notes=(note,),
    )


def _purity(source: Source) -> tuple[Decimal, str]:
    stated = share(source, PURITY, ONE)
    shown = evidence(source, EVIDENCE)
    if not shown:
        return ONE, "purity is not shown: all of the mass counts as carbonate"
    return stated, f"purity {canonical(stated)} shown by {shown}"
