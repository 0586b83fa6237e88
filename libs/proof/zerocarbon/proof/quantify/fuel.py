"""Scope 1 combustion, stationary and mobile: calorific value, carbon content, oxidation, 44/12 (rules 4).

CO2 has a line of its own. CH4 and N2O have another where the profile counts them and the organisation brings
factors: the table sets have none. Biogenic CO2 stands outside the scopes; its CH4 and N2O stay inside (R54).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from zerocarbon.proof import formulas
from zerocarbon.proof.factors import purposes
from zerocarbon.proof.factors.choice import Chosen, NoFactor
from zerocarbon.proof.facts import Source
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import product, quotient
from zerocarbon.proof.quantify.blend import Blend, blend_of
from zerocarbon.proof.quantify.calculation import CO2E, Calculation, Place
from zerocarbon.proof.quantify.fuel_gases import other_gases_line
from zerocarbon.proof.refusal import Refused
from zerocarbon.proof.units import scale

STATIONARY = Place(scope="1", category="stationary-combustion", iso_category="1.1")
MOBILE = Place(scope="1", category="mobile-combustion", iso_category="1.2")
BIOGENIC = Place(scope="outside", category="biogenic", iso_category="outside")
CO2_PER_CARBON = (Decimal(44), Decimal(12))
WITHOUT_CARBON = frozenset({"hydrogen"})
"""Burns to water: no CO2 (R53). What its making emitted stands in scope 3 where it was bought."""

CO2_ONLY_NOTE = "CO2 only: the profile's table set has no CH4 and N2O of combustion"
ELSEWHERE_NOTE = "CO2 only: CH4 and N2O stand in a line of their own"
NO_CARBON_NOTE = "the fuel holds no carbon (R53)"
TOGETHER_NOTE = "the factor counts all gases together: own factors of CH4 and N2O are not added to it"
BIOGENIC_PART_NOTE = "over the biogenic part: the factor of the fossil part counts all its gases together"
ALIKE_NOTE = "no factor of the biogenic fuel: it is taken to hold the carbon of the fuel it is blended into"


class NotSplit(Refused):
    """Biogenic CO2 stands apart from its CH4 and N2O; a factor of all gases together cannot be split."""

    rule = "R54"


@dataclass(frozen=True, slots=True)
class Burnt:
    """CO2 of a quantity of fuel: kilograms of `gas`, and how they were found."""

    gas: str
    kilograms: Decimal
    chosen: tuple[Chosen, ...]
    formula: str
    notes: tuple[str, ...] = ()


def fuel_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """Lines of each source: fossil CO2, its CH4 and N2O, and biogenic CO2 apart.

    CO2 comes by the organisation's product factor where it has one, else by the table set.

    Raises:
        NoFactor: the profile's table set has no confirmed figure for the fuel.
        NotSplit: the factor of a biogenic fuel counts CO2e.
        FaultyAttribute: see `blend.blend_of`.
    """
    for source in calculation.sources("stationary-fuel"):
        yield from _lines(calculation, source, STATIONARY)
    for source in calculation.sources("mobile-fuel"):
        yield from _lines(calculation, source, MOBILE)


def _lines(calculation: Calculation, source: Source, place: Place) -> Iterator[InventoryLine]:
    blend = blend_of(source, calculation.quantity(source))
    others = other_gases_line(calculation, source, place, calculation.quantity(source))
    together = False
    if blend.fossil or not blend.biogenic:
        burnt = _carbon_dioxide(calculation, source, source.substance, blend.fossil)
        together = burnt.gas == CO2E
        yield _line(calculation, source, place, blend.fossil, burnt, _notes(blend, burnt, others))
    if together:
        # The biogenic part is outside that factor, and its CH4 and N2O stay inside the scopes (R54).
        others = _biogenic_gases_line(calculation, source, place, blend)
    if others is not None:
        yield others
    if blend.biogenic:
        yield _biogenic_line(calculation, source, blend)


def _biogenic_gases_line(
    calculation: Calculation, source: Source, place: Place, blend: Blend
) -> InventoryLine | None:
    line = other_gases_line(calculation, source, place, blend.biogenic) if blend.biogenic else None
    return None if line is None else replace(line, notes=(*line.notes, BIOGENIC_PART_NOTE))


def _notes(blend: Blend, burnt: Burnt, others: InventoryLine | None) -> tuple[str, ...]:
    notes = (*blend.notes, *burnt.notes)
    if burnt.gas == CO2E:
        return notes if others is None else (*notes, TOGETHER_NOTE)
    if others is not None:
        return (*notes, ELSEWHERE_NOTE)
    return (*notes, CO2_ONLY_NOTE) if burnt.formula == formulas.FUEL_BY_CARBON else notes


def _biogenic_line(calculation: Calculation, source: Source, blend: Blend) -> InventoryLine:
    notes = blend.biogenic_notes
    try:
        burnt = _carbon_dioxide(calculation, source, blend.substance, blend.biogenic)
    except NoFactor:
        if not blend.fossil or blend.substance == source.substance:
            raise
        burnt = _carbon_dioxide(calculation, source, source.substance, blend.biogenic)
        notes = (*notes, ALIKE_NOTE)
    if burnt.gas == CO2E:
        raise NotSplit(f"{source.code}: {burnt.chosen[0].factor.id} counts CO2e of a biogenic fuel")
    return _line(
        calculation, source, BIOGENIC, blend.biogenic, burnt, (*notes, *burnt.notes), part="biogenic"
    )


def _line(
    calculation: Calculation,
    source: Source,
    place: Place,
    quantity: Decimal,
    burnt: Burnt,
    notes: tuple[str, ...],
    part: str = "",
) -> InventoryLine:
    return calculation.line(
        source,
        place,
        quantity,
        factors=[chosen.use() for chosen in burnt.chosen],
        gases=(calculation.gas(burnt.gas, burnt.kilograms),),
        formula=burnt.formula,
        notes=notes,
        part=part,
    )


def _carbon_dioxide(calculation: Calculation, source: Source, substance: str, quantity: Decimal) -> Burnt:
    if substance in WITHOUT_CARBON:
        return Burnt("CO2", Decimal(0), (), formulas.FUEL_WITHOUT_CARBON, (NO_CARBON_NOTE,))
    publication = calculation.profile.fuel_publication
    whole = calculation.find(purposes.FUEL_COMBUSTION, substance, publication)
    if whole is None:
        return _by_carbon(calculation, source, substance, quantity)
    if whole.factor.gas == CO2E and calculation.profile.fuel_gases == {"CO2"}:
        note = f"{whole.factor.id} counts all gases together and does not act: the profile counts CO2 only"
        return _by_carbon(calculation, source, substance, quantity, (note,))
    kilograms = whole.factor.gas_kilograms(quantity, source.unit)
    return Burnt(whole.factor.gas, kilograms, (whole,), formulas.FUEL_BY_FACTOR)


def _by_carbon(
    calculation: Calculation,
    source: Source,
    substance: str,
    quantity: Decimal,
    notes: tuple[str, ...] = (),
) -> Burnt:
    publication = calculation.profile.fuel_publication
    calorific, carbon, oxidation = (
        calculation.choose(purpose, substance, publication)
        for purpose in (
            purposes.FUEL_CALORIFIC_VALUE,
            purposes.FUEL_CARBON_CONTENT,
            purposes.FUEL_OXIDATION,
        )
    )
    gigajoules = product(scale(quantity, source.unit, calorific.factor.denominator()), calorific.factor.value)
    carbon_kilograms = carbon.factor.gas_kilograms(gigajoules, "GJ")
    burnt = product(carbon_kilograms, oxidation.factor.value)
    # One division, last: 44/12 has no finite decimal form.
    kilograms = quotient(product(burnt, CO2_PER_CARBON[0]), CO2_PER_CARBON[1])
    return Burnt("CO2", kilograms, (calorific, carbon, oxidation), formulas.FUEL_BY_CARBON, notes)
