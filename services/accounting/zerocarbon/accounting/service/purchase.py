"""Purchased electricity of a closed version over time: months, and hours where readings are fine enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from zerocarbon.accounting.report.facts import Purchase
from zerocarbon.accounting.service.draft_facts import units_of
from zerocarbon.accounting.store import sums
from zerocarbon.accounting.store.reference import KnownFactory
from zerocarbon.accounting.store.sums import SourceUnit
from zerocarbon.common.postgres.session import Connection
from zerocarbon.contracts.inventory import InventoryClosed
from zerocarbon.proof.fold import Sums
from zerocarbon.proof.numbers import SUM_CONTEXT, total
from zerocarbon.proof.period import Period
from zerocarbon.proof.rollup import Span, roll_up
from zerocarbon.proof.units import convert

ENERGY = "MWh"
ZERO = Decimal(0)


async def purchase_of(
    connection: Connection, factory: KnownFactory, closed: InventoryClosed
) -> Purchase | None:
    """What was purchased, as known at the close.

    Nothing where the sums do not come to what the version froze, as when facts of the closing day came in
    after the close: a chart of other figures would contradict the lines.
    """
    zone = factory.facts.time_zone
    units = _purchases(factory)
    period = Period(closed.period.start, closed.period.end)
    read = await sums.read(
        connection, units, factory.bucket_seconds, period.instants(zone), closed.knowledge_date
    )
    unit_of = {unit.code: unit.unit for unit in units.values()}
    energy = Sums({key: convert(held, unit_of[key[0]], ENERGY) for key, held in read.sums.items()})
    months, hours = roll_up(energy, unit_of, "month", zone), roll_up(energy, unit_of, "hour", zone)
    if months.not_allocated or months.total != _frozen(closed, unit_of):
        return None
    return Purchase(
        months=tuple((_local(low, zone).date(), mwh) for (low, _), mwh in months.allocated),
        hours=tuple(_by_day_and_hour(hours.allocated, zone)),
        unallocated_mwh=total(mwh for _, mwh in hours.not_allocated),
    )


def _purchases(factory: KnownFactory) -> dict[str, SourceUnit]:
    bought = {source.code for source in factory.sources.values() if source.kind == "electricity-import"}
    return {key: unit for key, unit in units_of(factory).items() if unit.code in bought}


def _frozen(closed: InventoryClosed, units: Mapping[str, str]) -> Decimal:
    """The megawatt-hours that the version counted location-based."""
    return total(
        convert(line.quantity, line.unit, ENERGY)
        for line in closed.lines
        if line.scope == "2" and line.source in units and line.basis != "market"
    )


def _by_day_and_hour(hours: Iterable[tuple[Span, Decimal]], zone: str) -> Iterator[tuple[date, int, Decimal]]:
    """Local days and hours; an hour that a change of the clock repeats is one."""
    held: dict[tuple[date, int], Decimal] = {}
    for (low, _), mwh in hours:
        local = _local(low, zone)
        place = local.date(), local.hour
        held[place] = SUM_CONTEXT.add(held.get(place, ZERO), mwh)
    for (day, hour), mwh in sorted(held.items()):
        yield day, hour, mwh


def _local(seconds: int, zone: str) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZoneInfo(zone))
