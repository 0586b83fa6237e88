"""Figures as gates tell them. Judging takes the exact values; rounding is for the sentence alone."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal

from zerocarbon.proof.numbers import QUOTIENT_CONTEXT

_TONNE = Decimal(1000)
_STEP = Decimal("0.001")


def tonnes(kilograms: Decimal) -> str:
    """Kilograms as tonnes with three decimals and grouped digits, `16,261.605`."""
    rounded = QUOTIENT_CONTEXT.divide(kilograms, _TONNE).quantize(
        _STEP, rounding=ROUND_HALF_EVEN, context=QUOTIENT_CONTEXT
    )
    return f"{rounded:,.3f}"


def whole(count: int) -> str:
    """A count of tonnes or units with grouped digits, `16,262`."""
    return f"{count:,}"
