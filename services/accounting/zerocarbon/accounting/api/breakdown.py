"""The views that standards ask for over the lines of a closed version: gases, classes, categories, shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, Context, Decimal
from fractions import Fraction
from typing import Any

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
from zerocarbon.proof.screening import SBTI_SHARE, sbti_target_due, scope3_share

METHODS: tuple[Basis, ...] = ("location", "market")
SHARE_STEP = Decimal("0.000001")
_SHARE = Context(prec=60, rounding=ROUND_DOWN)


def closed_breakdown(closed: Mapping[str, Any]) -> dict[str, Any]:
    """The views over the lines of a published `inventory-closed`."""
    return breakdown([InventoryLine.from_json(line) for line in closed["lines"]])


def breakdown(lines: Sequence[InventoryLine]) -> dict[str, Any]:
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
