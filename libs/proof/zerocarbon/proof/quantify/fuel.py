"""Scope 1 combustion, stationary and mobile: calorific value, carbon content, oxidation, 44/12 (rules 4)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from zerocarbon.proof import formulas
from zerocarbon.proof.factors import purposes
from zerocarbon.proof.facts import Source
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import product, quotient
from zerocarbon.proof.quantify.calculation import Calculation, Place
from zerocarbon.proof.units import scale

STATIONARY = Place(scope="1", category="stationary-combustion", iso_category="1.1")
MOBILE = Place(scope="1", category="mobile-combustion", iso_category="1.2")
CO2_PER_CARBON = (Decimal(44), Decimal(12))
CO2_ONLY_NOTE = "CO2 only: the profile's table set has no CH4 and N2O of combustion"


def fuel_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line a source, by the organisation's product factor where it has one, else by the table set.

    Raises:
        NoFactor: the profile's table set has no confirmed figure for the fuel.
    """
    for source in calculation.sources("stationary-fuel"):
        yield _line(calculation, source, STATIONARY)
    for source in calculation.sources("mobile-fuel"):
        yield _line(calculation, source, MOBILE)


def _line(calculation: Calculation, source: Source, place: Place) -> InventoryLine:
    publication = calculation.profile.fuel_publication
    whole = calculation.find(purposes.FUEL_COMBUSTION, source.substance, publication)
    if whole is None:
        return _by_carbon(calculation, source, place, publication)
    return calculation.simple_line(
        source, place, calculation.quantity(source), whole, formula=formulas.FUEL_BY_FACTOR
    )


def _by_carbon(calculation: Calculation, source: Source, place: Place, publication: str) -> InventoryLine:
    calorific, carbon, oxidation = (
        calculation.choose(purpose, source.substance, publication)
        for purpose in (
            purposes.FUEL_CALORIFIC_VALUE,
            purposes.FUEL_CARBON_CONTENT,
            purposes.FUEL_OXIDATION,
        )
    )
    quantity = calculation.quantity(source)
    gigajoules = product(scale(quantity, source.unit, calorific.factor.denominator()), calorific.factor.value)
    carbon_kilograms = carbon.factor.gas_kilograms(gigajoules, "GJ")
    burnt = product(carbon_kilograms, oxidation.factor.value)
    # One division, last: 44/12 has no finite decimal form.
    kilograms = quotient(product(burnt, CO2_PER_CARBON[0]), CO2_PER_CARBON[1])
    return calculation.line(
        source,
        place,
        quantity,
        factors=(calorific.use(), carbon.use(), oxidation.use()),
        gases=(calculation.gas("CO2", kilograms),),
        formula=formulas.FUEL_BY_CARBON,
        notes=(CO2_ONLY_NOTE,),
    )
