"""Numbers in print: readable, and never taken for more or less than they are."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.common.documents.figures import exact_kilograms, grouped, percent, share, span, tonnes
from zerocarbon.proof.numbers import parse


@pytest.mark.parametrize(
    ("kilograms", "printed"),
    [
        ("0", "0"),
        ("0.4", "< 0.001"),
        ("0.5", "< 0.001"),
        ("0.6", "0.001"),
        ("1500", "1.500"),
        ("12345678.9", "12,345.679"),
        ("999999999999.999999999999", "1,000,000,000.000"),
        ("-1500.25", "−1.500"),
        ("-0.2", "> −0.001"),
    ],
)
def test_tonnes(kilograms: str, printed: str) -> None:
    assert tonnes(Decimal(kilograms)) == printed


@pytest.mark.parametrize(
    ("value", "printed"),
    [("1234567.8900", "1,234,567.89"), ("-1234.5", "−1,234.5"), ("-0.5", "−0.5"), ("0", "0"), ("999", "999")],
)
def test_grouped(value: str, printed: str) -> None:
    assert grouped(Decimal(value)) == printed


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=12))
def test_grouping_loses_no_digit(value: Decimal) -> None:
    assert parse(grouped(value).replace(",", "").replace("−", "-")) == value
    assert parse(exact_kilograms(value)) == value


def test_percent_and_share() -> None:
    assert percent(Decimal("41.66")) == "41.7 %"
    assert share(Decimal(1), Decimal(3)) == Decimal("33.3")
    assert share(Decimal(-1), Decimal(3)) == 0
    assert share(Decimal(0), Decimal(0)) == 0


def test_a_span_shows_its_last_day() -> None:
    assert span(date(2024, 1, 1), date(2025, 1, 1)) == "2024-01-01 – 2024-12-31"
