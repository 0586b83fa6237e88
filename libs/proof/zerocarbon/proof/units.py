"""Units that the product accepts, by `pint` with exact decimals.

A closed list: a unit that is not on it is refused rather than guessed. Sizes are exact fractions of base
units, so that a conversion is exact or says that it is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, Inexact
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from zerocarbon.proof.numbers import SUM_CONTEXT, product, quotient
from zerocarbon.proof.refusal import Refused

if TYPE_CHECKING:
    from pint import UnitRegistry

OWN_DEFINITIONS = (
    "normal_cubic_metre = [normal_volume]",  # gas at 0 degC and 101.325 kPa: not the volume of a liquid
    "piece = [item]",
    "passenger = [passenger]",
    "vehicle = [vehicle]",
    "room_night = [room_night]",
    "watt_peak = [peak_power]",
    "yuan = [currency]",
    "one = []",
)

ACCEPTED = {
    "kWh": "kilowatt_hour",
    "MWh": "megawatt_hour",
    "GWh": "gigawatt_hour",
    "kJ": "kilojoule",
    "MJ": "megajoule",
    "GJ": "gigajoule",
    "TJ": "terajoule",
    "g": "gram",
    "kg": "kilogram",
    "t": "tonne",
    "L": "liter",
    "m3": "meter ** 3",
    "Nm3": "normal_cubic_metre",
    "m2": "meter ** 2",
    "m": "meter",
    "km": "kilometer",
    "piece": "piece",
    "t.km": "tonne * kilometer",
    "p.km": "passenger * kilometer",
    "v.km": "vehicle * kilometer",
    "room.night": "room_night",
    "Wp": "watt_peak",
    "kWp": "kilowatt_peak",
    "MWp": "megawatt_peak",
    "CNY": "yuan",
    "1": "one",
}
"""The product's name of a unit, and its name in the unit library."""


class UnknownUnit(Refused):
    """The unit is not one that the product accepts."""

    def __init__(self, unit: str) -> None:
        super().__init__(f"unit {unit!r} is not accepted; accepted are {', '.join(ACCEPTED)}")
        self.unit = unit


class WrongDimension(Refused):
    """Two units measure different things."""

    def __init__(self, unit: str, other: str) -> None:
        super().__init__(f"unit {unit!r} does not measure the same thing as {other!r}")
        self.unit = unit
        self.other = other


class InexactConversion(Refused):
    """The converted quantity has no finite decimal form within the digits that are kept."""

    def __init__(self, value: Decimal, unit: str, other: str) -> None:
        super().__init__(f"{value} {unit} has no exact form in {other}")


@dataclass(frozen=True, slots=True)
class Size:
    """A unit in base units of its dimension."""

    scale: Fraction
    dimension: str


@lru_cache(maxsize=1)
def _registry() -> UnitRegistry[Decimal]:
    # Imported here: the library takes a second, and reading a unit's name needs none of it.
    from pint import UnitRegistry  # noqa: PLC0415

    registry: UnitRegistry[Decimal] = UnitRegistry(non_int_type=Decimal)
    for definition in OWN_DEFINITIONS:
        registry.define(definition)
    return registry


@lru_cache(maxsize=256)
def size(unit: str) -> Size:
    """A unit's size and dimension.

    Raises:
        UnknownUnit: not on the list.
    """
    if unit not in ACCEPTED:
        raise UnknownUnit(unit)
    base = _registry().Quantity(Decimal(1), ACCEPTED[unit]).to_base_units()
    return Size(scale=Fraction(Decimal(base.magnitude)), dimension=str(base.dimensionality))


@lru_cache(maxsize=4096)
def ratio(unit: str, other: str) -> Fraction:
    """How many of `other` one `unit` is, exactly.

    Raises:
        UnknownUnit: one of the two is not on the list.
        WrongDimension: they measure different things; the error names both.
    """
    from_size, to_size = size(unit), size(other)
    if from_size.dimension != to_size.dimension:
        raise WrongDimension(unit, other)
    return from_size.scale / to_size.scale


def same_dimension(unit: str, other: str) -> bool:
    """Whether two accepted units measure the same thing."""
    return size(unit).dimension == size(other).dimension


def scale(value: Decimal, unit: str, other: str) -> Decimal:
    """A quantity in another unit, to 34 digits, half to even: for quantification."""
    by = ratio(unit, other)
    if by.denominator == 1:
        return value if by.numerator == 1 else product(value, Decimal(by.numerator))
    return quotient(product(value, Decimal(by.numerator)), Decimal(by.denominator))


def convert(value: Decimal, unit: str, other: str) -> Decimal:
    """A quantity in another unit, exactly: for facts that will be summed.

    Raises:
        UnknownUnit, WrongDimension: see `ratio`.
        InexactConversion: the result is not a finite decimal of at most 34 digits.
    """
    by = ratio(unit, other)
    if by == 1:
        return value
    try:
        dividend = SUM_CONTEXT.multiply(value, Decimal(by.numerator))
        return SUM_CONTEXT.divide(dividend, Decimal(by.denominator))
    except Inexact as error:
        raise InexactConversion(value, unit, other) from error
