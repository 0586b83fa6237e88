"""Exact decimals: one context, one notation.

Quantities never pass through binary floating point. Sums are exact or they raise; division happens in
quantification only, where a result is rounded once, to twelve decimals of a kilogram.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Context, Decimal, Inexact, InvalidOperation, Overflow

PRECISION = 34
LINE_QUANTUM = Decimal("0.000000000001")

SUM_CONTEXT = Context(prec=PRECISION, rounding=ROUND_HALF_EVEN, traps=[Inexact, InvalidOperation, Overflow])
"""For sums: a digit that would be lost raises `decimal.Inexact`."""

QUOTIENT_CONTEXT = Context(prec=PRECISION, rounding=ROUND_HALF_EVEN, traps=[InvalidOperation, Overflow])
"""For products with factors and for division: 34 digits, half to even."""

MAX_DIGITS = 24
_PLAIN = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?\Z")


class NotExact(ValueError):
    """The text is not a plain, finite decimal number within the digits that are kept."""


def parse(text: str) -> Decimal:
    """Reads a plain decimal such as `-12.50`: no exponent, no sign `+`, no thousands mark, no NaN.

    Raises:
        NotExact: anything else, or more than 24 significant digits.
    """
    if not _PLAIN.match(text):
        raise NotExact(f"{text!r} is not a plain decimal number")
    value = Decimal(text)
    if len(value.as_tuple().digits) > MAX_DIGITS:
        raise NotExact(f"{text!r} has more than {MAX_DIGITS} digits")
    return value


def canonical(value: Decimal) -> str:
    """The one notation of a number: plain, no trailing zeros, so that 1.0 and 1.00 hash alike.

    Raises:
        NotExact: not finite.
    """
    if not value.is_finite():
        raise NotExact(f"{value} is not finite")
    if not value:
        return "0"
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum.

    Raises:
        decimal.Inexact: the sum needs more than 34 digits.
    """
    result = Decimal(0)
    for value in values:
        result = SUM_CONTEXT.add(result, value)
    return result


def product(*values: Decimal) -> Decimal:
    """The product to 34 digits, half to even."""
    result = Decimal(1)
    for value in values:
        result = QUOTIENT_CONTEXT.multiply(result, value)
    return result


def quotient(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The quotient to 34 digits, half to even.

    Raises:
        decimal.InvalidOperation: the divisor is zero.
    """
    if not divisor:
        raise InvalidOperation("division by zero")
    return QUOTIENT_CONTEXT.divide(dividend, divisor)


def line_kilograms(value: Decimal) -> Decimal:
    """Rounds a result once, to twelve decimals of a kilogram, half to even."""
    return value.quantize(LINE_QUANTUM, rounding=ROUND_HALF_EVEN, context=QUOTIENT_CONTEXT)


def tonnes_rounded_up(kilograms: Decimal) -> int:
    """Whole tonnes for the neutrality test: emissions are never rounded down (R196)."""
    return int((kilograms / 1000).to_integral_value(rounding=ROUND_CEILING))
