"""Scope 3 sources: a supplier's or measured factor of the very substance, else transport by its mode."""

from __future__ import annotations

from collections.abc import Iterator

from zerocarbon.proof import formulas
from zerocarbon.proof.categories import scope3_iso_category
from zerocarbon.proof.factors import purposes
from zerocarbon.proof.factors.choice import Chosen, NoFactor
from zerocarbon.proof.facts import Source
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.quantify.calculation import BadAttribute, Calculation, Place
from zerocarbon.proof.refusal import Refused

TANK_TO_WHEEL = "tank-to-wheel"


class MixedBoundaries(Refused):
    """Transport figures with and without the fuel's upstream stand in one inventory (rules 3)."""

    rule = "rules 3"


def scope3_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """One line a source.

    A transport source names its mode by the attribute `mode`, else by its substance.

    Raises:
        NoFactor: neither an own factor nor a transport mode fits.
        MixedBoundaries: tank-to-wheel figures beside others.
        BadAttribute: the source names no category from 1 to 15.
    """
    boundaries: set[str] = set()
    for source in calculation.sources("scope3"):
        chosen = _factor(calculation, source)
        if chosen.factor.boundary:
            boundaries.add(chosen.factor.boundary)
        yield _line(calculation, source, chosen)
    if TANK_TO_WHEEL in boundaries and len(boundaries) > 1:
        raise MixedBoundaries(f"transport figures have the boundaries {', '.join(sorted(boundaries))}")


def _line(calculation: Calculation, source: Source, chosen: Chosen) -> InventoryLine:
    if source.scope3_category is None or not 1 <= source.scope3_category <= 15:
        raise BadAttribute(f"{source.code}: a scope 3 source names a category from 1 to 15")
    notes: list[str] = []
    if chosen.factor.boundary:
        notes.append(f"boundary of the factor: {chosen.factor.boundary}")
    if chosen.rung == "proxy":
        notes.append(f"the factor was made for {chosen.factor.region} and stands in as a proxy")
    return calculation.simple_line(
        source,
        Place("3", str(source.scope3_category), scope3_iso_category(source.scope3_category)),
        calculation.quantity(source),
        chosen,
        formula=formulas.SCOPE3,
        notes=notes,
    )


def _factor(calculation: Calculation, source: Source) -> Chosen:
    try:
        return calculation.choose(purposes.SCOPE3, source.substance)
    except NoFactor as missing:
        try:
            return calculation.choose(purposes.TRANSPORT, source.attributes.get("mode", source.substance))
        except NoFactor as no_mode:
            # What a reader can act on is the refusal that knows of an unconfirmed figure.
            raise (no_mode if no_mode.unconfirmed else missing) from None
