"""Scope 1 shielding gas of welding: the carbon dioxide that is in it (R57, rules 4).

The guide counts it among fugitive releases (3.4, 5.2). Inert components release nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from zerocarbon.proof import formulas
from zerocarbon.proof.facts import Source
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import canonical
from zerocarbon.proof.quantify.attributes import ZERO
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.quantify.composition import VOLUME, mix_of
from zerocarbon.proof.quantify.placing import FUGITIVE
from zerocarbon.proof.units import scale


def shielding_gas_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line a source. The quantity is a mass; attributes read: `composition`, `composition_by`.

    Raises:
        FaultyComposition: see `composition.mix_of`.
        WrongDimension: the quantity is no mass.
    """
    for source in calculation.sources("shielding-gas"):
        yield _line(calculation, source)


def _line(calculation: Calculation, source: Source) -> InventoryLine:
    quantity, mix = calculation.quantity(source), mix_of(source)
    kilograms = scale(quantity, source.unit, "kg")
    released = [
        calculation.gas(component.released, mix.kilograms(component, kilograms))
        for component, _ in mix.parts
        if component.released
    ]
    parts = ", ".join(f"{component.name} {canonical(fraction)}" for component, fraction in mix.parts)
    return calculation.line(
        source,
        FUGITIVE,
        quantity,
        factors=(),
        gases=released or [calculation.gas("CO2", ZERO)],
        formula=formulas.SHIELDING_GAS_BY_VOLUME if mix.by == VOLUME else formulas.SHIELDING_GAS,
        notes=(f"composition by {mix.by}: {parts}",),
    )
