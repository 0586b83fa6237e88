"""A closed inventory as statements show it: by scope, category and gas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

from zerocarbon.common.documents.bilingual import Bilingual
from zerocarbon.common.documents.vocabulary import category
from zerocarbon.contracts.certificate import UnitsRetired
from zerocarbon.contracts.inventory import InventoryClosed, InventoryLine
from zerocarbon.declaration.documents import same
from zerocarbon.declaration.documents.view import (
    Basis,
    Category,
    Certificate,
    Credit,
    FactorSource,
    Gas,
    Inventory,
)
from zerocarbon.declaration.service.instrument_names import meaning
from zerocarbon.proof.numbers import total
from zerocarbon.proof.profiles import UnknownProfile, profile

LAST_DAY = timedelta(days=1)
"""Vintages are half-open in events, and printed with their last day."""


def inventory_view(closed: InventoryClosed, basis: Basis) -> Inventory:
    """The inventory of a statement; gases are those that count under its scope 2 basis."""
    totals = closed.totals
    return Inventory(
        profile=profile_name(closed.profile),
        version=closed.version,
        gwp_set=closed.gwp_set,
        knowledge_date=closed.knowledge_date,
        sha256=closed.inventory_sha256,
        lines_sha256=closed.lines_sha256,
        scope1_kg=totals.scope1,
        scope2_location_kg=totals.scope2_location,
        scope2_market_kg=totals.scope2_market,
        scope3_kg=totals.scope3,
        outside_kg=totals.outside,
        categories=tuple(_categories(closed.lines)),
        gases=tuple(_gases(closed.lines, basis)),
    )


def profile_name(code: str) -> Bilingual:
    """The title of a method profile."""
    try:
        known = profile(code)
    except UnknownProfile:
        return same(code)
    return Bilingual(zh=known.title_zh, en=known.title_en)


def factor_sources(lines: Sequence[InventoryLine]) -> tuple[FactorSource, ...]:
    """Every factor that a line used, once, by name and version."""
    used = {(one.factor, one.version): one for line in lines for one in line.factors}
    return tuple(
        FactorSource(one.factor, one.value, one.unit, one.region, one.year, one.source, one.clause)
        for _, one in sorted(used.items())
    )


def certificate_view(units: UnitsRetired) -> Certificate:
    """Energy certificates under scope 2; one unit is one MWh."""
    return Certificate(
        scheme=units.scheme,
        registry=units.registry,
        serials=serials(units),
        mwh=Decimal(units.high - units.low),
        plant=same(units.project.name),
        vintage_start=units.vintage_start,
        vintage_end=units.vintage_end - LAST_DAY,
        retired_on=units.retired_on,
        registry_reference=units.registry_reference,
        meaning=meaning(units.scheme, units.registry),
    )


def credit_view(units: UnitsRetired) -> Credit:
    """Carbon credits of the claim; one unit is one tonne."""
    return Credit(
        scheme=units.scheme,
        registry=units.registry,
        serials=serials(units),
        tonnes=units.high - units.low,
        project=same(units.project.name),
        kind=units.project.kind,
        vintage_start=units.vintage_start,
        vintage_end=units.vintage_end - LAST_DAY,
        retired_on=units.retired_on,
        registry_reference=units.registry_reference,
        meaning=meaning(units.scheme, units.registry),
    )


def serials(units: UnitsRetired) -> str:
    """The block's serial and the units of it, last one included, as registries write ranges."""
    return f"{units.serial}: {units.low}–{units.high - 1}"


def _categories(lines: Sequence[InventoryLine]) -> Iterator[Category]:
    groups: dict[tuple[str, str], list[InventoryLine]] = {}
    for line in lines:
        groups.setdefault((line.scope, line.category), []).append(line)
    for (scope, code), members in sorted(groups.items(), key=lambda item: _order(*item[0])):
        yield Category(
            members[0].scope,
            category(scope, code),
            total(line.co2e_kg for line in members if line.basis != "market"),
            total(line.co2e_kg for line in members if line.basis != "location"),
        )


def _order(scope: str, code: str) -> tuple[str, int, str]:
    return scope, int(code) if code.isdigit() else 0, code


def _gases(lines: Sequence[InventoryLine], basis: Basis) -> Iterator[Gas]:
    masses: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for line in lines:
        if line.scope == "outside" or line.basis not in ("both", basis):
            continue
        for gas in line.gases:
            masses.setdefault(gas.gas, []).append((gas.co2e_kg, gas.mass_kg))
    for name, found in sorted(masses.items()):
        mass = total(kilograms for _, kilograms in found)
        yield Gas(name, total(co2e for co2e, _ in found), mass if name != "CO2e" else None)
