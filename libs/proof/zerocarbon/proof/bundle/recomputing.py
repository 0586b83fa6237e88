"""From what a bundle holds to the sums, quantities and inputs of its inventory.

Writer and verifier call the same functions; the verifier trusts none of the writer's results.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from zerocarbon.proof.bundle.contents import Contents
from zerocarbon.proof.factors.approved import approved_factor
from zerocarbon.proof.facts import Factory, Meter
from zerocarbon.proof.fields import Fields
from zerocarbon.proof.fold import Series, Sums, day_number, delta_of_record
from zerocarbon.proof.leaves import ReadingBlock
from zerocarbon.proof.numbers import SUM_CONTEXT
from zerocarbon.proof.period import EPOCH, SECOND, Period, bucket_seconds
from zerocarbon.proof.quantify import InventoryInputs
from zerocarbon.proof.retired import energy_retirement
from zerocarbon.proof.rollup import in_period
from zerocarbon.proof.units import convert


class UnknownName(ValueError):
    """A reading names no meter of the bundle, or a record no source."""


class Straddling(ValueError):
    """An activity lies only partly in the period, so it is in no sum."""


def factory_of(contents: Contents) -> Factory:
    """The factory as quantification needs it."""
    return Fields(contents.factory, "factory").made(Factory.from_json)


def period_of(contents: Contents) -> Period:
    """The period of the inventory."""
    return Fields(contents.inventory, "inventory").object("period").made(Period.from_json)


def excluded_sources(contents: Contents) -> frozenset[str]:
    """Sources that the inventory leaves out by approval."""
    exclusions = Fields(contents.inventory, "inventory").objects("exclusions")
    return frozenset(exclusion.text("source") for exclusion in exclusions)


def sums(contents: Contents) -> Sums:
    """The fold over all readings and records, each in the unit of its source.

    Raises:
        UnknownName: a meter or source that the bundle does not describe.
    """
    bucket = bucket_seconds(factory_of(contents).time_zone)
    units = {source.code: source.unit for source in contents.sources}
    folded = Sums()
    folded.add_series(_series(contents, units, bucket))
    for record in contents.records:
        unit = _unit(units, record.source)
        previous = Decimal(0) if record.previous is None else record.previous
        delta = delta_of_record(
            record.source,
            _seconds(record.start),
            _seconds(record.end),
            convert(record.quantity, record.unit, unit),
            day_number(record.recorded_on),
            bucket_seconds=bucket,
            previous=convert(previous, record.unit, unit),
        )
        folded.add([delta])
    return folded


def quantities(contents: Contents, folded: Sums) -> dict[str, Decimal]:
    """What each source consumed in the period, in its unit.

    A source counts when the bundle holds activity of it, or when the inventory has a line of it (of zero).

    Raises:
        Straddling: an activity lies only partly in the period.
    """
    period, zone = period_of(contents), factory_of(contents).time_zone
    meters = {meter.code: meter.source for meter in contents.meters}
    named = {meters[block.meter] for block in contents.readings}
    named |= {record.source for record in contents.records}
    named |= {line.text("source") for line in Fields(contents.inventory, "inventory").objects("lines")}
    found: dict[str, Decimal] = {}
    for source in sorted(named - excluded_sources(contents)):
        inside = in_period(folded, source, period, zone)
        if inside.straddling:
            raise Straddling(f"an activity of {source} lies only partly in the period")
        found[source] = inside.quantity
    return found


def inputs(contents: Contents, consumed: dict[str, Decimal]) -> InventoryInputs:
    """The inputs of quantification."""
    inventory = Fields(contents.inventory, "inventory")
    return InventoryInputs(
        factory=factory_of(contents),
        period=period_of(contents),
        knowledge_date=inventory.day("knowledge_date"),
        sources=contents.sources,
        quantities=consumed,
        retirements=tuple(
            Fields(event, f"retirements-mwh[{at}]").made(energy_retirement)
            for at, event in enumerate(contents.energy_retirements)
        ),
        organisation_factors=tuple(
            Fields(event, f"organisation-factors[{at}]").made(approved_factor)
            for at, event in enumerate(contents.organisation_factors)
        ),
        profile=inventory.text("profile"),
        consolidation=inventory.text("consolidation"),
    )


def _series(contents: Contents, units: dict[str, str], bucket: int) -> Iterator[Series]:
    meters = {meter.code: meter for meter in contents.meters}
    for block in contents.readings:
        meter = meters.get(block.meter)
        if meter is None:
            raise UnknownName(f"readings of meter {block.meter}, which the bundle does not describe")
        yield Series(
            meter.source,
            _seconds(block.start),
            block.interval_seconds,
            bucket,
            day_number(block.recorded_on),
            _changes(block, meter, _unit(units, meter.source)),
        )


def _changes(block: ReadingBlock, meter: Meter, unit: str) -> tuple[Decimal, ...]:
    """What a block adds: its values, or for a correction the differences."""
    values: Iterable[Decimal] = block.values
    if block.previous is not None:
        values = map(SUM_CONTEXT.subtract, block.values, block.previous)
    if block.unit != meter.unit or block.unit != unit:
        values = (convert(value, block.unit, unit) for value in values)
    return tuple(values)


def _unit(units: dict[str, str], source: str) -> str:
    if source not in units:
        raise UnknownName(f"activity of source {source}, which the bundle does not describe")
    return units[source]


def _seconds(at: datetime) -> int:
    return (at - EPOCH) // SECOND
