"""Sums by hour, day and month in the factory's time zone; they always add up (R111).

A bucket that is longer than the asked level, or that straddles two of its units, is never split: it is
shown as not allocated. So allocated plus not allocated is the same total at every level.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from zerocarbon.proof.fold import Sums
from zerocarbon.proof.numbers import SUM_CONTEXT, total
from zerocarbon.proof.period import EPOCH, HOUR, SECOND, Period, local_midnight

Level = Literal["hour", "day", "month"]
Span = tuple[int, int]
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class RollUp:
    """Quantities by UTC epoch span, half-open and sorted.

    Attributes:
        allocated: the units of the asked level.
        not_allocated: buckets that belong to no single unit of that level.
    """

    allocated: tuple[tuple[Span, Decimal], ...]
    not_allocated: tuple[tuple[Span, Decimal], ...]

    @property
    def total(self) -> Decimal:
        """All of it, exactly."""
        return total(quantity for _, quantity in (*self.allocated, *self.not_allocated))


@dataclass(frozen=True, slots=True)
class PeriodSum:
    """What a source consumed in a period.

    Attributes:
        quantity: the exact sum of the buckets inside the period.
        straddling: buckets of which only a part lies inside; they are in no sum and block a close.
    """

    quantity: Decimal
    straddling: tuple[tuple[Span, Decimal], ...]


@lru_cache(maxsize=65536)
def unit_of(instant: int, level: Level, time_zone: str) -> Span:
    """The local hour, day or month that holds an instant, as UTC epoch seconds, half-open."""
    local = datetime.fromtimestamp(instant, UTC).astimezone(ZoneInfo(time_zone))
    if level == "hour":
        start = (local.replace(minute=0, second=0, microsecond=0).astimezone(UTC) - EPOCH) // SECOND
        return start, start + HOUR
    if level == "day":
        first, following = local.date(), local.date() + timedelta(days=1)
    else:
        first = local.date().replace(day=1)
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return local_midnight(first, time_zone), local_midnight(following, time_zone)


def by_span(sums: Sums, sources: Collection[str]) -> dict[Span, Decimal]:
    """Quantities of some sources by bucket, over all recorded days."""
    spans: dict[Span, Decimal] = {}
    for (source, low, high, _), quantity in sums.unsorted():
        if source in sources:
            spans[low, high] = SUM_CONTEXT.add(spans.get((low, high), ZERO), quantity)
    return spans


def roll_up(sums: Sums, sources: Collection[str], level: Level, time_zone: str) -> RollUp:
    """Sums of some sources by local hour, day or month."""
    allocated: dict[Span, Decimal] = {}
    not_allocated: dict[Span, Decimal] = {}
    for span, quantity in by_span(sums, sources).items():
        unit = unit_of(span[0], level, time_zone)
        target, place = (allocated, unit) if span[1] <= unit[1] else (not_allocated, span)
        target[place] = SUM_CONTEXT.add(target.get(place, ZERO), quantity)
    return RollUp(
        allocated=tuple(sorted(allocated.items())), not_allocated=tuple(sorted(not_allocated.items()))
    )


def in_period(sums: Sums, source: str, period: Period, time_zone: str) -> PeriodSum:
    """What a source consumed in a period, by the buckets that lie wholly inside."""
    return all_in_period(sums, (source,), period, time_zone)[source]


def all_in_period(
    sums: Sums, sources: Collection[str], period: Period, time_zone: str
) -> dict[str, PeriodSum]:
    """What each of several sources consumed in a period, in one pass over the sums."""
    start, end = period.instants(time_zone)
    inside = dict.fromkeys(sources, ZERO)
    straddling: dict[str, dict[Span, Decimal]] = {source: {} for source in inside}
    for (source, low, high, _), quantity in sums.unsorted():
        if source not in inside or high <= start or end <= low:
            continue
        if start <= low and high <= end:
            inside[source] = SUM_CONTEXT.add(inside[source], quantity)
        else:
            partly = straddling[source]
            partly[low, high] = SUM_CONTEXT.add(partly.get((low, high), ZERO), quantity)
    return {
        source: PeriodSum(
            quantity,
            tuple((span, held) for span, held in sorted(straddling[source].items()) if held),
        )
        for source, quantity in inside.items()
    }


def negative_own_use(
    sums: Sums, generation: Collection[str], export: Collection[str]
) -> tuple[tuple[Span, Decimal], ...]:
    """Times in which more was exported than generated: findings, never clamped (R105).

    Buckets that overlap are compared together, so that meters of different intervals can be compared. All
    sources are in one unit.
    """
    flows = [(span, quantity) for span, quantity in by_span(sums, generation).items()]
    flows += [(span, -quantity) for span, quantity in by_span(sums, export).items()]
    findings: list[tuple[Span, Decimal]] = []
    together: Span | None = None
    own = ZERO
    for (low, high), quantity in sorted(flows):
        if together is not None and low < together[1]:
            together = (together[0], max(together[1], high))
            own = SUM_CONTEXT.add(own, quantity)
            continue
        if together is not None and own < 0:
            findings.append((together, own))
        together, own = (low, high), quantity
    if together is not None and own < 0:
        findings.append((together, own))
    return tuple(findings)
