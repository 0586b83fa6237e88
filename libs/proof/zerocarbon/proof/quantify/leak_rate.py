"""Screening of refrigerants: installed charge times the share that leaks in a year (rules 4).

An estimate, flagged as one, and only with a rate that a claim may use: the product ships none. The charge is
recorded once for the period; the rate of a year is taken for the months that the period has.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.proof.factors import purposes
from zerocarbon.proof.factors.choice import Chosen
from zerocarbon.proof.facts import Source
from zerocarbon.proof.numbers import product, quotient
from zerocarbon.proof.period import Period
from zerocarbon.proof.quantify.attributes import factor_share
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.refusal import Refused
from zerocarbon.proof.units import scale

MONTHS_OF_A_YEAR = 12


class BrokenMonths(Refused):
    """A yearly rate cannot be taken for a part of a month."""

    rule = "rules 4"


@dataclass(frozen=True, slots=True)
class Estimate:
    """Kilograms of agent, to 34 digits, and the rate that gave them."""

    kilograms: Decimal
    rate: Chosen
    notes: tuple[str, ...]


def leaked(calculation: Calculation, source: Source) -> Estimate:
    """What leaked, by estimate.

    Raises:
        NoFactor: no leak rate of the agent that a claim may use.
        BadAttribute: the rate is no share from 0 to 1.
        BrokenMonths: the period is not made of whole months.
    """
    rate = calculation.choose(purposes.REFRIGERANT_LEAK, source.substance)
    months = _months(calculation.inputs.period)
    charge = scale(calculation.quantity(source), source.unit, "kg")
    in_a_year = product(charge, factor_share(rate.factor))
    return Estimate(
        kilograms=quotient(product(in_a_year, Decimal(months)), Decimal(MONTHS_OF_A_YEAR)),
        rate=rate,
        notes=(
            f"estimate: installed charge times yearly leak rate, {months} of {MONTHS_OF_A_YEAR} months; "
            "a mass balance comes before it",
            "composition by mass fraction",
        ),
    )


def _months(period: Period) -> int:
    if period.start.day != 1 or period.end.day != 1:
        raise BrokenMonths(f"{period.start} to {period.end} is not made of whole months")
    return (period.end.year - period.start.year) * MONTHS_OF_A_YEAR + period.end.month - period.start.month
