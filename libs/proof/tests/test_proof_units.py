"""Units: a closed list, exact sizes, errors that name both units."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.proof.units import (
    ACCEPTED,
    InexactConversion,
    UnknownUnit,
    WrongDimension,
    convert,
    ratio,
    scale,
    size,
)


@pytest.mark.parametrize(
    ("value", "unit", "other", "expected"),
    [
        ("1500", "kWh", "MWh", "1.5"),
        ("1", "MWh", "GJ", "3.6"),
        ("2.5", "t", "kg", "2500"),
        ("12000", "L", "m3", "12"),
        ("3", "MWp", "Wp", "3000000"),
        ("7", "Nm3", "Nm3", "7"),
        ("1", "TJ", "GJ", "1000"),
    ],
)
def test_conversions_are_exact(value: str, unit: str, other: str, expected: str) -> None:
    assert convert(Decimal(value), unit, other) == Decimal(expected)


def test_a_conversion_without_finite_decimal_form_is_refused_for_facts_and_rounded_for_results() -> None:
    with pytest.raises(InexactConversion):
        convert(Decimal(1), "GJ", "MWh")
    # 1 GJ = 1/3.6 MWh = 0.2777...
    assert scale(Decimal(1), "GJ", "MWh") == Decimal("0.2777777777777777777777777777777778")


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(UnknownUnit, match="'kilowatt'") as refusal:
        ratio("kilowatt", "kWh")
    assert refusal.value.unit == "kilowatt"


@pytest.mark.parametrize(
    ("unit", "other"), [("kWh", "kg"), ("Nm3", "m3"), ("piece", "kg"), ("t.km", "p.km"), ("MWh", "MWp")]
)
def test_a_unit_of_another_dimension_is_refused_with_both_names(unit: str, other: str) -> None:
    with pytest.raises(WrongDimension) as refusal:
        convert(Decimal(1), unit, other)
    assert (refusal.value.unit, refusal.value.other) == (unit, other)


@pytest.mark.parametrize("unit", ACCEPTED)
def test_every_accepted_unit_has_a_size(unit: str) -> None:
    assert size(unit).scale > 0
    assert ratio(unit, unit) == 1


@given(st.decimals(min_value=0, max_value=10**12, places=6))
def test_a_quantity_comes_back_from_the_larger_unit_unchanged(value: Decimal) -> None:
    assert convert(convert(value, "kWh", "MWh"), "MWh", "kWh") == value
