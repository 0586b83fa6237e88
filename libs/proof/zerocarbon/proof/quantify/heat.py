"""Scope 2 purchased heat and steam: the supplier's factor, else the default (R15)."""

from __future__ import annotations

from collections.abc import Iterator

from zerocarbon.proof import formulas
from zerocarbon.proof.factors import purposes
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.quantify.calculation import Calculation, Place

HEAT = Place(scope="2", category="heat", iso_category="2.2")


def heat_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line a source; it counts under both scope 2 methods.

    Raises:
        NoFactor: no supplier's factor, and no confirmed default was published by the knowledge date.
    """
    for source in calculation.sources("heat-import"):
        yield calculation.simple_line(
            source,
            HEAT,
            calculation.quantity(source),
            calculation.choose(purposes.HEAT, source.substance),
            formula=formulas.HEAT,
        )
