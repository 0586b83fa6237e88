"""Numbers for people. Rounding happens here and in print only; exact values stay as they are."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

from zerocarbon.proof.numbers import QUOTIENT_CONTEXT, canonical, quotient

_TONNE = Decimal(1000)
_STEP = Decimal("0.001")
_MINUS = "\N{MINUS SIGN}"


def grouped(value: Decimal | int) -> str:
    """All digits, with thousands separators: `1,234,567.89`."""
    whole, point, fraction = canonical(Decimal(value)).partition(".")
    sign = _MINUS if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-')):,}{point}{fraction}"


def tonnes(kilograms: Decimal) -> str:
    """Tonnes to the kilogram, `12,345.679`; an amount below half a kilogram shows as such, not as zero."""
    rounded = QUOTIENT_CONTEXT.divide(kilograms, _TONNE).quantize(
        _STEP, rounding=ROUND_HALF_EVEN, context=QUOTIENT_CONTEXT
    )
    if not rounded:
        return "< 0.001" if kilograms > 0 else f"> {_MINUS}0.001" if kilograms < 0 else "0"
    return f"{rounded:,.3f}".replace("-", _MINUS)


def exact_kilograms(kilograms: Decimal) -> str:
    """Every digit in the canonical notation, for copying and comparing."""
    return canonical(kilograms)


def percent(value: Decimal) -> str:
    """`12.5 %`; at most one decimal."""
    return f"{grouped(value.quantize(Decimal('0.1'), rounding=ROUND_HALF_EVEN))} %"


def share(part: Decimal, whole: Decimal) -> Decimal:
    """Percent of a whole, one decimal; 0 where there is no positive whole or part."""
    if whole <= 0 or part <= 0:
        return Decimal(0)
    return quotient(part * 100, whole).quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)


def day(value: date) -> str:
    """`2024-12-31`, understood in both languages."""
    return value.isoformat()


def span(start: date, end: date) -> str:
    """A half-open period by its first and last day, both meant."""
    return f"{day(start)} – {day(end - timedelta(days=1))}"
