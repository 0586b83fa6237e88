"""Scope 1 refrigerants: what was refilled is what was lost (R63); nameplate charge alone is no emission.

Gases of the Montreal Protocol and gases outside the basket stand outside the scopes (finding E23).
"""

from __future__ import annotations

from collections.abc import Iterator

from zerocarbon.proof import formulas
from zerocarbon.proof.gwp import Treatment
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import product
from zerocarbon.proof.quantify.calculation import Calculation, Place
from zerocarbon.proof.units import scale

PLACES: dict[Treatment, tuple[Place, str]] = {
    "scopes": (Place(scope="1", category="fugitive", iso_category="1.4"), ""),
    "montreal": (Place(scope="outside", category="montreal", iso_category="outside"), "montreal"),
    "other": (Place(scope="outside", category="other", iso_category="outside"), "other"),
}


def refrigerant_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line a source and treatment; each gas of a blend is kept.

    Raises:
        UnknownAgent, NoGwp: the agent or one of its gases has no potential that a claim may use.
    """
    for source in calculation.sources("refrigerant"):
        quantity = calculation.quantity(source)
        kilograms = scale(quantity, source.unit, "kg")
        composition = calculation.gwp.composition(source.substance)
        for treatment, (place, part) in PLACES.items():
            gases = [
                calculation.gas(gas.code, product(kilograms, fraction))
                for gas, fraction in composition
                if gas.treatment == treatment
            ]
            if gases:
                yield calculation.line(
                    source,
                    place,
                    quantity,
                    factors=(),
                    gases=gases,
                    formula=formulas.REFRIGERANT,
                    notes=("refilled mass equals the loss; composition by mass fraction",),
                    part=part,
                )
