"""An inventory as a whole: totals, digest, and the views over its lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from zerocarbon.proof import formulas
from zerocarbon.proof.canonical import Json, canonical_bytes, sha256_hex
from zerocarbon.proof.categories import ISO_CATEGORIES, SCOPE1_CLASSES
from zerocarbon.proof.gwp import GROUPS, gwp_table
from zerocarbon.proof.json_fields import JsonObject, exact
from zerocarbon.proof.line import Basis, InventoryLine, Scope
from zerocarbon.proof.numbers import SUM_CONTEXT, canonical, total
from zerocarbon.proof.units import convert

NOT_SPLIT = "CO2e"
"""What a factor counts in CO2e without saying which gas."""


class LineTwice(ValueError):
    """Two lines of one inventory have one name."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Kilograms of CO2e; `total_*` is scopes 1, 2 and 3. Mirrors `contracts.inventory.Totals`."""

    scope1: Decimal
    scope2_location: Decimal
    scope2_market: Decimal
    scope3: Decimal
    outside: Decimal
    total_location: Decimal
    total_market: Decimal

    def to_json(self) -> dict[str, Json]:
        """The published form."""
        return {
            "scope1": canonical(self.scope1),
            "scope2_location": canonical(self.scope2_location),
            "scope2_market": canonical(self.scope2_market),
            "scope3": canonical(self.scope3),
            "outside": canonical(self.outside),
            "total_location": canonical(self.total_location),
            "total_market": canonical(self.total_market),
        }

    @classmethod
    def from_json(cls, data: JsonObject) -> Totals:
        """Reads the published form."""
        return cls(
            scope1=exact(data, "scope1"),
            scope2_location=exact(data, "scope2_location"),
            scope2_market=exact(data, "scope2_market"),
            scope3=exact(data, "scope3"),
            outside=exact(data, "outside"),
            total_location=exact(data, "total_location"),
            total_market=exact(data, "total_market"),
        )


def totals(lines: Iterable[InventoryLine]) -> Totals:
    """Exact sums of rounded lines by scope, under both scope 2 methods."""
    kept = tuple(lines)
    scope1, scope3, outside = _sum(kept, "1"), _sum(kept, "3"), _sum(kept, "outside")
    location, market = _sum(kept, "2", "location"), _sum(kept, "2", "market")
    return Totals(
        scope1=scope1,
        scope2_location=location,
        scope2_market=market,
        scope3=scope3,
        outside=outside,
        total_location=total((scope1, location, scope3)),
        total_market=total((scope1, market, scope3)),
    )


def _sum(lines: Iterable[InventoryLine], scope: Scope, basis: Basis | None = None) -> Decimal:
    return total(
        line.co2e_kg
        for line in lines
        if line.scope == scope and (basis is None or line.basis in ("both", basis))
    )


def under(lines: Iterable[InventoryLine], basis: Basis) -> tuple[InventoryLine, ...]:
    """The lines that count under one scope 2 method."""
    return tuple(line for line in lines if line.basis in ("both", basis))


def lines_digest(lines: Iterable[InventoryLine]) -> str:
    """SHA-256 over the canonical lines, sorted by name: no clock and no random id is in it.

    Raises:
        LineTwice: two lines have one name.
    """
    ordered = sorted(lines, key=lambda line: line.line)
    names = [line.line for line in ordered]
    if len(set(names)) != len(names):
        raise LineTwice(next(name for name in names if names.count(name) > 1))
    return sha256_hex(canonical_bytes([line.to_json() for line in ordered]))


def scope1_classes(lines: Iterable[InventoryLine]) -> dict[str, Decimal | None]:
    """Kilograms of CO2e of the four classes of scope 1; None where a class has no source (R14)."""
    by_class: dict[str, Decimal | None] = dict.fromkeys(SCOPE1_CLASSES)
    for line in lines:
        if line.scope == "1":
            by_class[line.category] = _add(by_class.get(line.category), line.co2e_kg)
    return by_class


def gas_groups(lines: Iterable[InventoryLine], basis: Basis) -> dict[str, Decimal]:
    """Kilograms of CO2e in scopes 1 to 3 by the seven groups (R10, R19).

    `CO2e` holds what factors count without splitting it; with it the groups sum exactly to the total.
    """
    table = gwp_table()
    groups = dict.fromkeys((*GROUPS, NOT_SPLIT), Decimal(0))
    for line in under(lines, basis):
        if line.scope == "outside":
            continue
        for mass in line.gases:
            group = NOT_SPLIT if mass.gas == NOT_SPLIT else table.gas(mass.gas).group
            groups[group] = SUM_CONTEXT.add(groups[group], mass.co2e_kg)
    return groups


def iso_categories(lines: Iterable[InventoryLine], basis: Basis) -> dict[str, Decimal]:
    """Kilograms of CO2e by the six categories of ISO 14064-1:2018, over the same lines (R18)."""
    categories = dict.fromkeys(ISO_CATEGORIES, Decimal(0))
    for line in under(lines, basis):
        if line.scope != "outside":
            category = line.iso_category.partition(".")[0]
            categories[category] = SUM_CONTEXT.add(categories[category], line.co2e_kg)
    return categories


def scope3_by_category(lines: Sequence[InventoryLine]) -> dict[int, Decimal]:
    """Kilograms of CO2e by scope 3 category; a category without line is absent."""
    categories: dict[int, Decimal] = {}
    for line in lines:
        if line.scope == "3":
            number = int(line.category)
            categories[number] = SUM_CONTEXT.add(categories.get(number, Decimal(0)), line.co2e_kg)
    return categories


def renewable_share(lines: Iterable[InventoryLine]) -> Fraction | None:
    """Claimed renewable over consumed electricity; None where none was consumed (R128).

    Claimed is what retired certificates cover and own generation whose attributes were kept.
    """
    claimed = consumed = Fraction(0)
    for line in lines:
        if line.category == "electricity" and line.basis == "market":
            megawatt_hours = Fraction(convert(line.quantity, line.unit, "MWh"))
            consumed += megawatt_hours
            if line.formula in (formulas.CERTIFICATES, formulas.OWN_USE):
                claimed += megawatt_hours
    return claimed / consumed if consumed else None


def _add(before: Decimal | None, more: Decimal) -> Decimal:
    return more if before is None else SUM_CONTEXT.add(before, more)
