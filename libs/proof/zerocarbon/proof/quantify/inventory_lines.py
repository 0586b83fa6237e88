"""The whole inventory, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from zerocarbon.proof.factors import purposes
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.facts import SourceKind
from zerocarbon.proof.gwp import gwp_table
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.profiles import Energy, Profile, profile
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.quantify.carbonate import carbonate_lines
from zerocarbon.proof.quantify.cn_energy import cn_energy_lines
from zerocarbon.proof.quantify.electricity import electricity_lines
from zerocarbon.proof.quantify.extinguisher import extinguisher_lines
from zerocarbon.proof.quantify.fuel import fuel_lines
from zerocarbon.proof.quantify.heat import heat_lines
from zerocarbon.proof.quantify.inputs import InventoryInputs
from zerocarbon.proof.quantify.process_gas import process_gas_lines
from zerocarbon.proof.quantify.recovery import recovery_lines
from zerocarbon.proof.quantify.refrigerant import refrigerant_lines
from zerocarbon.proof.quantify.scope3 import scope3_lines
from zerocarbon.proof.quantify.shielding_gas import shielding_gas_lines
from zerocarbon.proof.quantify.switchgear import switchgear_lines
from zerocarbon.proof.quantify.upstream import upstream_lines
from zerocarbon.proof.quantify.waste_water import waste_water_lines
from zerocarbon.proof.refusal import Refused

Quantifier = Callable[[Calculation], Iterator[InventoryLine]]

QUANTIFIERS: tuple[Quantifier, ...] = (
    fuel_lines,
    process_gas_lines,
    refrigerant_lines,
    switchgear_lines,
    extinguisher_lines,
    shielding_gas_lines,
    carbonate_lines,
    waste_water_lines,
    recovery_lines,
    scope3_lines,
)
"""For every profile: a quantifier finds the sources that the profile counts, and no others."""

ENERGY: Mapping[Energy, tuple[Quantifier, ...]] = {
    "two-methods": (electricity_lines, heat_lines, upstream_lines),
    "net": (cn_energy_lines,),
}
"""What profiles do differently with the same sources."""


class UnknownSource(Refused):
    """A quantity belongs to no source of the inventory."""

    rule = "R7"


def quantify(inputs: InventoryInputs, library: Library | None = None) -> tuple[InventoryLine, ...]:
    """Every line of an inventory, sorted by its name. Pure: equal inputs give equal lines.

    Sources that the profile does not count give no line; `not_counted` lists them.

    Args:
        inputs: facts and choices of the inventory.
        library: the factors to choose from; by default those that come with the product.

    Raises:
        Refused: the facts forbid a figure; each subclass names its rule. No partial result is given.
    """
    method = profile(inputs.profile)
    method.check_consolidation(inputs.consolidation)
    unknown = inputs.quantities.keys() - {source.code for source in inputs.sources}
    if unknown:
        raise UnknownSource(f"no source {', '.join(sorted(unknown))}")
    table = gwp_table()
    calculation = Calculation(
        inputs=replace(
            inputs, sources=tuple(source for source in inputs.sources if method.counts(source.kind))
        ),
        profile=method,
        library=_permitted(Library.load() if library is None else library, method),
        gwp=table,
        gwp_set=method.edition(table, inputs.knowledge_date),
    )
    lines = [
        line for quantifier in (*QUANTIFIERS, *ENERGY[method.energy]) for line in quantifier(calculation)
    ]
    if method.guide_sources:
        kinds = {source.code: source.kind for source in inputs.sources}
        lines = [_by_guide(line, method, kinds[line.source]) for line in lines]
    return tuple(sorted(lines, key=lambda line: line.line))


def _permitted(library: Library, method: Profile) -> Library:
    """The library without the grid averages of rungs that the profile does not take."""
    if not method.grid_rungs:
        return library
    averages = tuple(
        factor
        for factor in library.by_purpose.get(purposes.ELECTRICITY_AVERAGE, ())
        if factor.rung in method.grid_rungs
    )
    return Library(MappingProxyType({**library.by_purpose, purposes.ELECTRICITY_AVERAGE: averages}))


def _by_guide(line: InventoryLine, method: Profile, kind: SourceKind) -> InventoryLine:
    """The line with the guide's emission source, and where another gas than CO2 is in it, with its GWP."""
    found = method.guide_source(kind) if line.scope != "outside" else None
    weighed = method.gwp_note and any(mass.gas not in ("CO2", "CO2e") for mass in line.gases)
    return replace(
        line,
        guide_source=None if found is None else found.code,
        notes=(*line.notes, method.gwp_note) if weighed else line.notes,
    )
