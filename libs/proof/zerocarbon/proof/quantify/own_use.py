"""Own generation that the factory uses itself: generation less export, never clamped (R105, DC08)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.proof.facts import Source
from zerocarbon.proof.numbers import SUM_CONTEXT
from zerocarbon.proof.quantify.calculation import Calculation
from zerocarbon.proof.refusal import Refused
from zerocarbon.proof.units import convert


class NegativeOwnUse(Refused):
    """More was exported than generated; clamping would create zero-carbon power out of nothing."""

    rule = "R105"


class ExportWithoutGeneration(Refused):
    """An export cannot be told to belong to one generation source."""

    rule = "DC08"


@dataclass(frozen=True, slots=True)
class OwnUse:
    """Own generation used on site.

    Attributes:
        quantity: in the unit of `source`.
        attributes_kept: the source states that its certificates were not sold, and who owns the roof.
        notes: what the line discloses.
    """

    source: Source
    quantity: Decimal
    attributes_kept: bool
    notes: tuple[str, ...]


def own_uses(calculation: Calculation) -> tuple[OwnUse, ...]:
    """Own use of each generation source.

    An export source belongs to the generation source that its attribute `generation` names, or to the
    only one there is.

    Raises:
        ExportWithoutGeneration: it belongs to none, or there are several and it names none.
        NegativeOwnUse: over the period more was exported than generated.
    """
    generation = calculation.sources("electricity-generation")
    remaining = {source.code: calculation.quantity(source) for source in generation}
    units = {source.code: source.unit for source in generation}
    for export in calculation.sources("electricity-export"):
        code = export.attributes.get("generation") or (generation[0].code if len(generation) == 1 else "")
        if code not in remaining:
            raise ExportWithoutGeneration(f"{export.code} names no generation source that has data")
        exported = convert(calculation.quantity(export), export.unit, units[code])
        remaining[code] = SUM_CONTEXT.subtract(remaining[code], exported)
    for code, quantity in remaining.items():
        if quantity < 0:
            raise NegativeOwnUse(f"{code}: own use would be {quantity} {units[code]}")
    return tuple(_own_use(source, remaining[source.code]) for source in generation)


def _own_use(source: Source, quantity: Decimal) -> OwnUse:
    owner = source.attributes.get("roof_owner", "").strip()
    sold = source.attributes.get("attributes_sold", "").strip()
    kept = sold == "no" and bool(owner)
    notes = ["generation less export; exported power is no consumption and gives no negative figure (DC08)"]
    if owner:
        notes.append(f"the roof belongs to: {owner}")
    if not kept:
        reason = (
            "were sold" if sold == "yes" else "are not stated to have been kept, or the owner is not stated"
        )
        notes.append(f"attributes of this power {reason}: treated as grid power (DC07)")
    return OwnUse(source=source, quantity=quantity, attributes_kept=kept, notes=tuple(notes))
