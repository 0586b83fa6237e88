"""Where released gases stand: in scope 1, or outside the scopes (finding E23).

Gases of the Montreal Protocol and gases outside the basket never enter a scope, whatever released them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from zerocarbon.proof.facts import Source
from zerocarbon.proof.gwp import Treatment
from zerocarbon.proof.line import FactorUse, GasMass, InventoryLine
from zerocarbon.proof.numbers import product
from zerocarbon.proof.quantify.calculation import CO2E, Calculation, Place

PROCESS = Place(scope="1", category="process", iso_category="1.3")
FUGITIVE = Place(scope="1", category="fugitive", iso_category="1.4")
OUTSIDE: Mapping[Treatment, Place] = {
    "montreal": Place(scope="outside", category="montreal", iso_category="outside"),
    "other": Place(scope="outside", category="other", iso_category="outside"),
}


def released_lines(
    calculation: Calculation,
    source: Source,
    place: Place,
    quantity: Decimal,
    released: Sequence[tuple[str, Decimal]],
    *,
    formula: str,
    factors: Iterable[FactorUse] = (),
    notes: Iterable[str] = (),
) -> Iterator[InventoryLine]:
    """One line for each treatment that occurs; each gas is kept.

    Args:
        place: where gases of the basket stand.
        released: gas and unrounded kilograms; `CO2e` stands in the scopes.

    Raises:
        UnknownAgent, NoGwp: a gas has no potential that a claim may use.
    """
    used, noted = tuple(factors), tuple(notes)
    by_treatment: dict[Treatment, list[GasMass]] = {}
    for gas, kilograms in released:
        treatment: Treatment = "scopes" if gas == CO2E else calculation.gwp.gas(gas).treatment
        by_treatment.setdefault(treatment, []).append(calculation.gas(gas, kilograms))
    for treatment, gases in by_treatment.items():
        yield calculation.line(
            source,
            OUTSIDE.get(treatment, place),
            quantity,
            factors=used,
            gases=gases,
            formula=formula,
            notes=noted,
            part="" if treatment == "scopes" else treatment,
        )


def agent_gases(calculation: Calculation, agent: str, kilograms: Decimal) -> list[tuple[str, Decimal]]:
    """The gases of an agent of some mass, by its composition (R61).

    Raises:
        UnknownAgent, NoGwp: the agent is not known, or its composition is not confirmed.
    """
    return [(gas.code, product(kilograms, fraction)) for gas, fraction in calculation.gwp.composition(agent)]
