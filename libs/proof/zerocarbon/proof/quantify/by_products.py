"""By-products of process gases, each with its own rate and its own destruction (rules 4)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from zerocarbon.proof.factors import purposes
from zerocarbon.proof.factors.choice import ANY, Asked, Chosen, NoFactor, choose
from zerocarbon.proof.factors.factor import Factor
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.facts import Source
from zerocarbon.proof.gwp import GwpTable, UnknownAgent, gwp_table
from zerocarbon.proof.quantify.attributes import ZERO, FaultyAttribute, share
from zerocarbon.proof.quantify.calculation import CO2E, Calculation

DESTRUCTION = "destruction_by_product"
OF_GAS = "destruction_"
"""Followed by a gas: the destruction of that by-product, such as `destruction_cf4`."""


def by_products(calculation: Calculation, substance: str) -> dict[str, Chosen]:
    """The rate of each gas for which there is one; gases by code, in order.

    Raises:
        AmbiguousFactor: two own rates of one gas.
        UnknownAgent: a rate is of a gas that the product does not know.
    """
    inputs = calculation.inputs
    asked = Asked(
        purpose=purposes.PROCESS_BY_PRODUCT,
        substance=substance,
        factory=inputs.factory,
        period=inputs.period,
        knowledge_date=inputs.knowledge_date,
    )
    own = _by_gas(calculation.gwp, asked, inputs.organisation_factors)
    offered = _by_gas(calculation.gwp, asked, calculation.library.by_purpose.get(asked.purpose, ()))
    found = (
        (gas, _choose(asked, offered.get(gas, []), own.get(gas, [])))
        for gas in sorted(own.keys() | offered.keys())
    )
    return {gas: chosen for gas, chosen in found if chosen is not None}


def destruction(source: Source, gas: str, *, only: bool) -> Decimal:
    """The destruction efficiency of one by-product; zero where none is stated for it.

    `destruction_by_product` speaks of a by-product that is the only one: with several, a figure that does not
    say which gas it was measured for shows nothing.

    Raises:
        FaultyAttribute: no share from 0 to 1, or two attributes for the gas.
    """
    named = destructions(source)
    if gas in named:
        return share(source, named[gas])
    return share(source, DESTRUCTION) if only else ZERO


def destructions(source: Source) -> dict[str, str]:
    """Attributes that state the destruction of a by-product, by the code of its gas.

    Raises:
        FaultyAttribute: the gas is not known, or named twice.
    """
    table = gwp_table()
    found: dict[str, str] = {}
    for attribute in sorted(source.attributes):
        if not attribute.startswith(OF_GAS) or attribute == DESTRUCTION:
            continue
        try:
            gas = table.gas(attribute.removeprefix(OF_GAS)).code
        except UnknownAgent as error:
            raise FaultyAttribute(source.code, attribute, str(error)) from error
        if gas in found:
            raise FaultyAttribute(source.code, attribute, f"{found[gas]} states the same gas")
        found[gas] = attribute
    return found


def _by_gas(table: GwpTable, asked: Asked, factors: Iterable[Factor]) -> dict[str, list[Factor]]:
    found: dict[str, list[Factor]] = {}
    for factor in factors:
        if factor.purpose == asked.purpose and factor.substance in (asked.substance, ANY):
            gas = CO2E if factor.gas == CO2E else table.gas(factor.gas).code
            found.setdefault(gas, []).append(factor)
    return found


def _choose(asked: Asked, offered: list[Factor], own: list[Factor]) -> Chosen | None:
    try:
        return choose(asked, Library.of(offered), own)
    except NoFactor:
        return None
