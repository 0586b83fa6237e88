"""The demo's own factors and screening. All synthetic: plausible orders of magnitude, nothing measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OwnFactor:
    """A factor that the fictional organisation approves, as if from its supplier or its own measurement."""

    code: str
    substance: str
    purpose: str
    value: str
    unit: str
    gas: str = "CO2e"


OWN_FACTORS = (
    OwnFactor("park-steam-supplier", "park-steam", "heat", "0.1047", "tCO2/GJ", "CO2"),
    OwnFactor("nf3-utilisation", "nf3", "process-utilisation", "0.782", "1", "NF3"),
    OwnFactor("nf3-cf4-by-product", "nf3", "process-by-product", "0.0213", "1", "CF4"),
    OwnFactor("wafers-supplier", "wafers", "scope3", "0.318", "kgCO2e/piece"),
    OwnFactor("silver-paste-supplier", "silver-paste", "scope3", "284.6", "kgCO2e/kg"),
    OwnFactor("process-equipment-supplier", "process-equipment", "scope3", "8420", "kgCO2e/t"),
    OwnFactor("electricity-upstream", "electricity-upstream", "scope3", "0.0853", "kgCO2e/kWh"),
    OwnFactor("inbound-freight-carrier", "inbound-freight", "scope3", "0.0984", "kgCO2e/t.km"),
    OwnFactor("cell-processing-buyers", "cell-processing", "scope3", "0.0121", "kgCO2e/piece"),
    OwnFactor("cell-end-of-life", "cell-end-of-life", "scope3", "21.4", "kgCO2e/t"),
    OwnFactor("glass-supplier", "glass", "scope3", "1023.5", "kgCO2e/t"),
    OwnFactor("frames-supplier", "frames", "scope3", "13410", "kgCO2e/t"),
    OwnFactor("encapsulant-supplier", "encapsulant", "scope3", "2648", "kgCO2e/t"),
    OwnFactor("laminators-supplier", "laminators", "scope3", "7930", "kgCO2e/t"),
    OwnFactor("module-end-of-life", "module-end-of-life", "scope3", "38.2", "kgCO2e/t"),
)

SOURCE = "Synthetic figure of the demo, not a supplier's"

_NOT_RELEVANT = {
    8: "no asset is leased in; forklifts and halls are owned",
    11: "the product generates power; it has no direct emission in use",
    13: "no asset is leased out",
    14: "there are no franchises",
    15: "the factory holds no investments",
}
_SMALL_KG = {5: "58200", 6: "41900", 7: "88600", 9: "97400"}
_SMALL_REASON = "screened below one per cent of the total; upper estimate by spend and distance"


def screening(calculated: frozenset[int]) -> list[dict[str, object]]:
    """All fifteen categories answered: calculated, estimated as small, or not relevant with the reason."""
    answers: list[dict[str, object]] = []
    for category in range(1, 16):
        if category in calculated:
            answers.append({"category": category, "state": "calculated"})
        elif category in _SMALL_KG:
            answers.append(
                {
                    "category": category,
                    "state": "not-calculated",
                    "reason": _SMALL_REASON,
                    "estimate_kg": _SMALL_KG[category],
                }
            )
        else:
            reason = _NOT_RELEVANT.get(category, "no such product: all cells go into the group's own modules")
            answers.append({"category": category, "state": "not-relevant", "reason": reason})
    return answers
