"""Exact numbers: one notation, sums that never lose a digit."""

from __future__ import annotations

from decimal import Decimal, Inexact

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.proof.numbers import NotExact, canonical, line_kilograms, parse, tonnes_rounded_up, total

decimals = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)


@given(decimals)
def test_the_canonical_notation_reads_back_as_the_same_number(value: Decimal) -> None:
    assert parse(canonical(value)) == value


@given(decimals, st.integers(min_value=0, max_value=6))
def test_equal_numbers_have_one_notation(value: Decimal, zeros: int) -> None:
    padded = value.quantize(Decimal(1).scaleb(-(6 + zeros)))
    assert canonical(padded) == canonical(value)


@pytest.mark.parametrize(
    "text", ["", "1e5", "+1", "1,000", "NaN", "Infinity", "01", ".5", "5.", " 1", "1" * 25]
)
def test_anything_but_a_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(NotExact):
        parse(text)


def test_a_sum_that_would_lose_a_digit_raises() -> None:
    with pytest.raises(Inexact):
        total([Decimal("1e33"), Decimal("0.01")])


def test_a_line_is_rounded_half_to_even_at_twelve_decimals() -> None:
    assert line_kilograms(Decimal("0.0000000000005")) == Decimal("0.000000000000")
    assert line_kilograms(Decimal("0.0000000000015")) == Decimal("0.000000000002")


@pytest.mark.requirement("R196")
def test_tonnes_round_up_and_never_down() -> None:
    assert tonnes_rounded_up(Decimal("100000")) == 100
    assert tonnes_rounded_up(Decimal("100000.000000000001")) == 101
