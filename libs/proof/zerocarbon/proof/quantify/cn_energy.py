"""Net purchased electricity and heat of the national guide for other industry: bought less sold (R29).

One factor serves both directions, so that what was sold lowers the figure by as much as buying it raised it.
There is one figure, no market-based one beside it: certificates and supply contracts do not act. A site that
sells more than it buys has a negative figure; it is kept, never clamped.
"""

from __future__ import annotations

from collections.abc import Iterator

from zerocarbon.proof import formulas
from zerocarbon.proof.factors import purposes
from zerocarbon.proof.factors.choice import Chosen
from zerocarbon.proof.facts import Source, SourceKind
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import SUM_CONTEXT
from zerocarbon.proof.quantify.calculation import Calculation, Place
from zerocarbon.proof.quantify.electricity import CO2_ONLY_NOTE, SUBSTANCE
from zerocarbon.proof.refusal import Refused

ELECTRICITY = Place(scope="2", category="electricity", iso_category="2.1")
HEAT = Place(scope="2", category="heat", iso_category="2.2")
NO_INSTRUMENTS_NOTE = "one figure by the grid average: certificates and supply contracts do not act here"
SOLD_NOTE = "sold: subtracted at the factor of what is bought"


class NoBoughtCarrier(Refused):
    """Sold heat has no factor: heat of no carrier, or of several, was bought."""

    rule = "R29"


def cn_energy_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line a source, sold ones below zero.

    Raises:
        NoFactor: no grid average on the rungs of the profile, or no confirmed factor of heat.
        NoBoughtCarrier: heat was sold, and what was bought is not of exactly one carrier.
    """
    for source in calculation.sources("electricity-import", "electricity-export"):
        yield _line(
            calculation,
            source,
            ELECTRICITY,
            calculation.choose(purposes.ELECTRICITY_AVERAGE, SUBSTANCE),
            (formulas.ELECTRICITY_AVERAGE, formulas.ELECTRICITY_SOLD),
            (CO2_ONLY_NOTE, NO_INSTRUMENTS_NOTE),
        )
    for source in calculation.sources("heat-import", "heat-export"):
        carrier = _bought_carrier(calculation, source) if source.kind in _SOLD else source.substance
        chosen = calculation.choose(purposes.HEAT, carrier)
        yield _line(calculation, source, HEAT, chosen, (formulas.HEAT, formulas.HEAT_SOLD), ())


_SOLD: frozenset[SourceKind] = frozenset({"electricity-export", "heat-export"})


def _bought_carrier(calculation: Calculation, sold: Source) -> str:
    """The carrier that was bought: by its own carrier a seller could choose what is subtracted."""
    carriers = sorted({source.substance for source in calculation.sources("heat-import")})
    if len(carriers) != 1:
        bought = " and ".join(carriers) or "none"
        raise NoBoughtCarrier(
            f"{sold.code}.substance: sold heat is subtracted at the factor of the one carrier bought, "
            f"and bought was {bought}"
        )
    return carriers[0]


def _line(
    calculation: Calculation,
    source: Source,
    place: Place,
    chosen: Chosen,
    formula: tuple[str, str],
    notes: tuple[str, ...],
) -> InventoryLine:
    quantity = calculation.quantity(source)
    bought, sold = formula
    if source.kind not in _SOLD:
        return calculation.simple_line(source, place, quantity, chosen, formula=bought, notes=notes)
    kilograms = chosen.factor.gas_kilograms(quantity, source.unit)
    return calculation.line(
        source,
        place,
        quantity,
        factors=(chosen.use(),),
        gases=(calculation.gas(chosen.factor.gas, SUM_CONTEXT.minus(kilograms)),),
        formula=sold,
        notes=(SOLD_NOTE, *notes),
    )
