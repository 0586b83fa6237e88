"""Scope 2 electricity, location-based and market-based side by side (rules 2.1).

Market-based ladder: retired certificates, own generation whose attributes were kept, the supplier's factor,
the residual proxy, and where no residual is known the grid average. The last two are disclosed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.proof import formulas
from zerocarbon.proof.factors import purposes
from zerocarbon.proof.factors.choice import Chosen
from zerocarbon.proof.facts import Source
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.numbers import SUM_CONTEXT, total
from zerocarbon.proof.quantify.calculation import Calculation, Place
from zerocarbon.proof.quantify.certificates import (
    CertificateGroup,
    ExcessCertificates,
    certificate_groups,
)
from zerocarbon.proof.quantify.own_use import OwnUse, own_uses
from zerocarbon.proof.units import convert

SUBSTANCE = "electricity"
LOCATION = Place(scope="2", category="electricity", iso_category="2.1", basis="location")
MARKET = Place(scope="2", category="electricity", iso_category="2.1", basis="market")
ZERO = Decimal(0)

RESIDUAL_NOTE = (
    "no residual mix is published for this market; the factor without market-traded non-fossil power stands "
    "in as a proxy (rules 2.3)"
)
AVERAGE_NOTE = "neither a residual mix nor its proxy was published; the grid average is used (rules 2.1)"
CO2_ONLY_NOTE = "the grid factor counts CO2 only"


@dataclass(frozen=True, slots=True)
class Coverable:
    """Megawatt-hours that certificates may cover: grid power, or own power whose attributes are gone."""

    source: Source
    quantity: Decimal
    notes: tuple[str, ...]

    @property
    def megawatt_hours(self) -> Decimal:
        """The quantity, exactly."""
        return convert(self.quantity, self.source.unit, "MWh")


def electricity_lines(calculation: Calculation) -> Iterator[InventoryLine]:
    """Lines of purchased and of own electricity.

    Raises:
        ExcessCertificates: see `certificates`; also its other refusals and those of `own_use`.
        NoFactor: no grid average is known for the place and date.
    """
    imports = calculation.sources("electricity-import")
    own = own_uses(calculation)
    coverable = [Coverable(source, calculation.quantity(source), ()) for source in imports]
    coverable += [Coverable(use.source, use.quantity, use.notes) for use in own if not use.attributes_kept]
    for source in imports:
        yield calculation.simple_line(
            source,
            LOCATION,
            calculation.quantity(source),
            calculation.choose(purposes.ELECTRICITY_AVERAGE, SUBSTANCE),
            formula=formulas.ELECTRICITY_AVERAGE,
            notes=(CO2_ONLY_NOTE,),
        )
    for use in own:
        yield from _own_lines(calculation, use)
    yield from _market_lines(calculation, coverable)


def _own_lines(calculation: Calculation, use: OwnUse) -> Iterator[InventoryLine]:
    places = (LOCATION, MARKET) if use.attributes_kept else (LOCATION,)
    for place in places:
        yield calculation.line(
            use.source,
            place,
            use.quantity,
            factors=(),
            gases=(calculation.gas("CO2", ZERO),),
            formula=formulas.OWN_USE,
            notes=use.notes,
            part="own-use",
        )


def _market_lines(calculation: Calculation, coverable: list[Coverable]) -> Iterator[InventoryLine]:
    inputs = calculation.inputs
    groups = certificate_groups(inputs.retirements, inputs.factory, inputs.period, inputs.knowledge_date)
    retired = sum(group.megawatt_hours for group in groups)
    consumed = total(item.megawatt_hours for item in coverable)
    if retired > consumed:
        raise ExcessCertificates(
            f"{retired} MWh of certificates were retired for {consumed} MWh that they could cover (R128)"
        )
    open_groups = [(group, Decimal(group.megawatt_hours)) for group in groups]
    for item in coverable:
        rest = item.megawatt_hours
        while rest and open_groups:
            group, left = open_groups.pop(0)
            used = min(rest, left)
            rest = SUM_CONTEXT.subtract(rest, used)
            if left > used:
                open_groups.insert(0, (group, SUM_CONTEXT.subtract(left, used)))
            yield _certificate_line(calculation, item, group, used)
        if rest or not item.quantity:
            yield _rest_line(calculation, item, rest)


def _certificate_line(
    calculation: Calculation, item: Coverable, group: CertificateGroup, megawatt_hours: Decimal
) -> InventoryLine:
    return calculation.line(
        item.source,
        MARKET,
        convert(megawatt_hours, "MWh", item.source.unit),
        factors=(group.use(),),
        gases=(calculation.gas("CO2", ZERO),),
        formula=formulas.CERTIFICATES,
        notes=(*item.notes, *group.notes()),
        part=f"certificate/{group.name}",
    )


def _rest_line(calculation: Calculation, item: Coverable, megawatt_hours: Decimal) -> InventoryLine:
    chosen, note = _rest_factor(calculation, item.source)
    return calculation.simple_line(
        item.source,
        MARKET,
        convert(megawatt_hours, "MWh", item.source.unit),
        chosen,
        formula=formulas.ELECTRICITY_REST,
        notes=(*item.notes, *note),
        part="rest",
    )


def _rest_factor(calculation: Calculation, source: Source) -> tuple[Chosen, tuple[str, ...]]:
    # Own power without attributes has no supplier: for it the ladder starts at the residual (DC07).
    bought = source.kind == "electricity-import"
    supplier = calculation.find(purposes.ELECTRICITY_MARKET, source.substance) if bought else None
    if supplier is not None:
        return supplier, ()
    residual = calculation.find(purposes.ELECTRICITY_RESIDUAL, SUBSTANCE)
    if residual is not None:
        return residual, (RESIDUAL_NOTE, CO2_ONLY_NOTE)
    return calculation.choose(purposes.ELECTRICITY_AVERAGE, SUBSTANCE), (AVERAGE_NOTE, CO2_ONLY_NOTE)
