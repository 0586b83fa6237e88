"""What each profile shows over its lines: the totals that stand for it, ISO categories, a guide's sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from zerocarbon.proof.categories import ISO_CATEGORIES, iso_subcategory_codes, scope3_iso_category
from zerocarbon.proof.inventory import Totals, gas_groups, under
from zerocarbon.proof.line import Basis, InventoryLine
from zerocarbon.proof.numbers import SUM_CONTEXT, total
from zerocarbon.proof.profiles import GuideSource, Profile
from zerocarbon.proof.screening import ScreenedCategory

Presence = Literal["present", "absent"]
METHODS: tuple[Basis, ...] = ("location", "market")
BIOGENIC = "biogenic"
ABSENT = "no source of this kind is in the inventory; sources left out by approval stand among its exclusions"


def headline(summed: Totals, method: Profile) -> dict[str, Decimal]:
    """Kilograms of CO2e that stand for an inventory, by scope 2 method; `both` where there is one total.

    GHG Protocol: two of equal rank. ISO 14064-1: the location-based one (annex E).
    """
    return {basis: _whole(summed, basis) for basis in method.headline}


def in_addition(summed: Totals, method: Profile) -> dict[str, Decimal]:
    """Totals under other scope 2 methods, shown apart from the inventory and never in its place."""
    if "both" in method.headline:
        return {}
    return {basis: _whole(summed, basis) for basis in METHODS if basis not in method.headline}


def _whole(summed: Totals, basis: Basis) -> Decimal:
    if basis == "both" and summed.total_location != summed.total_market:
        raise ValueError("one total was asked for, and there are two")
    return summed.total_market if basis == "market" else summed.total_location


def biogenic(lines: Iterable[InventoryLine]) -> Decimal:
    """Kilograms of biogenic CO2, which stands apart (ISO 14064-1:2018, annex D; R54)."""
    return total(line.co2e_kg for line in lines if line.category == BIOGENIC)


def direct_gases(lines: Iterable[InventoryLine]) -> dict[str, Decimal]:
    """Kilograms of CO2e of direct emissions by gas (ISO 14064-1:2018, 9.3.1)."""
    return gas_groups((line for line in lines if line.scope == "1"), "both")


def iso_subcategories(lines: Iterable[InventoryLine], basis: Basis) -> dict[str, Decimal | None]:
    """Kilograms of CO2e by subcategory of ISO 14064-1:2018; None where none has a line (R20 to R25)."""
    found: dict[str, Decimal | None] = dict.fromkeys(iso_subcategory_codes())
    for line in under(lines, basis):
        if line.scope != "outside":
            found[line.iso_category] = SUM_CONTEXT.add(found[line.iso_category] or Decimal(0), line.co2e_kg)
    return found


def judged_by_iso_category(
    screening: Iterable[ScreenedCategory],
) -> dict[str, tuple[ScreenedCategory, ...]]:
    """The answers to scope 3 categories by the indirect category of ISO 14064-1:2018 in which each stands."""
    indirect = ISO_CATEGORIES[2:]
    by_category: dict[str, list[ScreenedCategory]] = {category: [] for category in indirect}
    for answer in sorted(screening, key=lambda answer: answer.category):
        by_category[scope3_iso_category(answer.category).partition(".")[0]].append(answer)
    return {category: tuple(answers) for category, answers in by_category.items()}


@dataclass(frozen=True, slots=True)
class GuideAmount:
    """One emission source of a guide. A subtracted one is at most zero; `reason` says why one is absent."""

    source: GuideSource
    state: Presence
    co2e_kg: Decimal
    reason: str = ""


def guide_amounts(lines: Iterable[InventoryLine], method: Profile) -> tuple[GuideAmount, ...]:
    """Every emission source of the guide in its order, with its sum, or absent (R29, R30)."""
    by_source: dict[str, list[Decimal]] = {}
    for line in lines:
        if line.guide_source is not None:
            by_source.setdefault(line.guide_source, []).append(line.co2e_kg)
    return tuple(
        GuideAmount(source, "present", total(by_source[source.code]))
        if source.code in by_source
        else GuideAmount(source, "absent", Decimal(0), ABSENT)
        for source in method.guide_sources
    )
