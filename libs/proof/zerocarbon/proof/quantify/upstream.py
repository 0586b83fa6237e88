"""Scope 3 category 3: what comes before purchased electricity.

The life-cycle factor of a year less the direct average of the same year, so that scope 2 is not counted
twice and grid losses are counted once (rules 2.3). Only where both were published by the knowledge date.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from zerocarbon.proof import formulas
from zerocarbon.proof.factors import purposes
from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.facts import Source
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import SUM_CONTEXT
from zerocarbon.proof.quantify.calculation import CO2E, Calculation, Place

SUBSTANCE = "electricity-upstream"
UPSTREAM = Place(scope="3", category="3", iso_category="4.1")
NOTE = "life-cycle less direct factor of the same year and nation; losses are in it once"


def upstream_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line for each purchase of electricity, unless a source of its own carries the figure.

    An organisation's factor for `electricity-upstream` comes first. Where neither it nor a pair of
    published factors exists there is no line, and screening has to answer category 3.
    """
    if any(source.substance == SUBSTANCE for source in calculation.sources("scope3")):
        return
    for source in calculation.sources("electricity-import"):
        own = calculation.find(purposes.SCOPE3, SUBSTANCE)
        if own is None:
            yield from _by_difference(calculation, source)
            continue
        yield calculation.simple_line(
            source,
            UPSTREAM,
            calculation.quantity(source),
            own,
            formula=formulas.UPSTREAM_BY_FACTOR,
            part="upstream",
        )


def _by_difference(calculation: Calculation, source: Source) -> Iterator[InventoryLine]:
    pair = _pair(calculation)
    if pair is None:
        return
    life_cycle, direct = pair
    quantity = calculation.quantity(source)
    kilograms = SUM_CONTEXT.subtract(
        life_cycle.gas_kilograms(quantity, source.unit), direct.gas_kilograms(quantity, source.unit)
    )
    yield calculation.line(
        source,
        UPSTREAM,
        quantity,
        factors=(life_cycle.use(), direct.use()),
        gases=(calculation.gas(CO2E, kilograms),),
        formula=formulas.UPSTREAM_BY_DIFFERENCE,
        notes=(NOTE,),
        part="upstream",
    )


def _pair(calculation: Calculation) -> tuple[Factor, Factor] | None:
    """Life-cycle and direct national factors of one year; the newest that is not after the period."""
    inputs = calculation.inputs
    last_year = (inputs.period.end - timedelta(days=1)).year

    def published(purpose: str) -> dict[int, Factor]:
        return {
            factor.year: factor
            for factor in calculation.library.by_purpose.get(purpose, ())
            if factor.substance == "electricity"
            and factor.region == inputs.factory.country
            and factor.published <= inputs.knowledge_date
            and factor.confidence != "memory"
            and factor.year is not None
            and factor.year <= last_year
        }

    life_cycle = published(purposes.ELECTRICITY_LIFE_CYCLE)
    direct = published(purposes.ELECTRICITY_AVERAGE)
    years = life_cycle.keys() & direct.keys()
    return (life_cycle[max(years)], direct[max(years)]) if years else None
