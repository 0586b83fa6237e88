"""The views that standards ask for over the lines of a closed version: gases, classes, categories, shares.

Each profile has the views of its own standard, so that no figure is read by the rules of another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Context, Decimal
from fractions import Fraction
from typing import Any

from zerocarbon.proof import profile_views as views
from zerocarbon.proof.inventory import (
    Totals,
    gas_groups,
    iso_categories,
    renewable_share,
    scope1_classes,
    totals,
    under,
)
from zerocarbon.proof.line import Basis, InventoryLine
from zerocarbon.proof.numbers import canonical, total
from zerocarbon.proof.profile_views import METHODS
from zerocarbon.proof.profiles import Profile, profile
from zerocarbon.proof.quantify.inputs import DEFAULT_PROFILE
from zerocarbon.proof.screening import SBTI_SHARE, ScreenedCategory, sbti_target_due, scope3_share

SHARE_STEP = Decimal("0.000001")
_SHARE = Context(prec=60, rounding=ROUND_DOWN)


def closed_breakdown(closed: Mapping[str, Any]) -> dict[str, Any]:
    """The views over the lines of a published `inventory-closed`."""
    return breakdown(
        [InventoryLine.from_json(line) for line in closed["lines"]],
        profile(closed["profile"]),
        [ScreenedCategory.from_json(answer) for answer in closed["screening"]],
    )


def breakdown(
    lines: Sequence[InventoryLine],
    method: Profile | None = None,
    screening: Sequence[ScreenedCategory] = (),
) -> dict[str, Any]:
    """The totals that stand for an inventory, and the views of its profile; without one, of the default.

    A guide's inventory has one figure and the guide's emission sources; others have the views over scopes,
    and ISO 14064-1 what it asks for beside them.
    """
    method = method or profile(DEFAULT_PROFILE)
    if method.guide_sources:
        return _by_guide(lines, method)
    shown = {**_headline(lines, method), **_by_scopes(lines)}
    return {**shown, "iso": _iso(lines, screening)} if method.significance else shown


def _headline(lines: Sequence[InventoryLine], method: Profile) -> dict[str, Any]:
    summed = totals(lines)
    return {
        "headline": _canonical(views.headline(summed, method)),
        "in_addition": _canonical(views.in_addition(summed, method)),
        "biogenic_kg": canonical(views.biogenic(lines)),
    }


def _by_guide(lines: Sequence[InventoryLine], method: Profile) -> dict[str, Any]:
    """Every emission source of the guide, present or absent with the reason (R29, R30)."""
    return {
        **_headline(lines, method),
        "gas_groups": {"both": _canonical(gas_groups(lines, "both"))},
        "guide_sources": [
            {
                "source": one.source.code,
                "title_en": one.source.title_en,
                "title_zh": one.source.title_zh,
                "subtracted": one.source.subtracted,
                "state": one.state,
                "co2e_kg": canonical(one.co2e_kg),
                "reason": one.reason or None,
            }
            for one in views.guide_amounts(lines, method)
        ],
    }


def _iso(lines: Sequence[InventoryLine], screening: Sequence[ScreenedCategory]) -> dict[str, Any]:
    """Direct emissions by gas, subcategories, and the judged significance of categories 3 to 6."""
    return {
        "direct_gases": _canonical(views.direct_gases(lines)),
        "subcategories": {
            code: None if kilograms is None else canonical(kilograms)
            for code, kilograms in views.iso_subcategories(lines, "location").items()
        },
        "significance": {
            category: [answer.to_json() for answer in answers]
            for category, answers in views.judged_by_iso_category(screening).items()
        },
    }


def _by_scopes(lines: Sequence[InventoryLine]) -> dict[str, Any]:
    """Kilograms of CO2e by gas (R10), class of scope 1 (R14) and ISO category (R18), and shares: of scope 3,
    and whether it calls for a target (R41), of electricity (R38), of what is renewable in it (R128).

    What depends on the scope 2 method is given under both. Outside the scopes nothing is counted.
    """
    summed, renewable = totals(lines), renewable_share(lines)
    return {
        "gas_groups": {method: _canonical(gas_groups(lines, method)) for method in METHODS},
        "scope1_classes": {name: _class(kg) for name, kg in scope1_classes(lines).items()},
        "iso_categories": {method: _canonical(iso_categories(lines, method)) for method in METHODS},
        "scope3_target": {method: _scope3_target(summed, method) for method in METHODS},
        "electricity_share": {method: share_text(_electricity(lines, summed, method)) for method in METHODS},
        "renewable_electricity_share": share_text(renewable) if renewable is not None else None,
    }


def share_text(share: Fraction) -> str:
    """A share of one with at most six decimals, cut and never rounded up: below 40 % never reads as 40 %."""
    exact = _SHARE.divide(Decimal(share.numerator), Decimal(share.denominator))
    return canonical(exact.quantize(SHARE_STEP, context=_SHARE))


def _class(kilograms: Decimal | None) -> dict[str, str]:
    if kilograms is None:
        return {"state": "not present", "co2e_kg": "0"}
    return {"state": "present", "co2e_kg": canonical(kilograms)}


def _scope3_target(summed: Totals, method: Basis) -> dict[str, Any]:
    whole = _whole(summed, method)
    return {
        "share": share_text(scope3_share(summed.scope3, whole)),
        "threshold": share_text(SBTI_SHARE),
        "due": sbti_target_due(summed.scope3, whole),
    }


def _electricity(lines: Sequence[InventoryLine], summed: Totals, method: Basis) -> Fraction:
    of_electricity = total(
        line.co2e_kg for line in under(lines, method) if (line.scope, line.category) == ("2", "electricity")
    )
    whole = _whole(summed, method)
    return Fraction(of_electricity) / Fraction(whole) if whole else Fraction(0)


def _whole(summed: Totals, method: Basis) -> Decimal:
    return summed.total_location if method == "location" else summed.total_market


def _canonical(by_name: Mapping[str, Decimal]) -> dict[str, str]:
    return {name: canonical(kilograms) for name, kilograms in by_name.items()}
