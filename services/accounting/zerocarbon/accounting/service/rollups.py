"""Sums of one source by hour, day or month of the factory, as of now or as known on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from zerocarbon.accounting.service.draft_facts import units_of
from zerocarbon.accounting.store import reference, sums
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.refusal import NotFound, refuse
from zerocarbon.proof.numbers import canonical
from zerocarbon.proof.period import Period
from zerocarbon.proof.rollup import Level, Span, roll_up

MAX_DAYS = {"hour": 366, "day": 3660, "month": 36600}
"""The longest stretch that one answer covers."""


async def rolled_up(
    context: ServiceContext,
    organisation_id: str,
    factory_id: str,
    source: str,
    level: Level,
    start: date,
    end: date,
    known_on: date | None,
) -> dict[str, Any]:
    """Quantities by unit of time, in the unit of the source; what belongs to no single unit stands apart.

    Raises:
        NotFound: no such factory or source in the organisation.
        Refused: the stretch is empty or too long.
    """
    if not 0 < (end - start).days <= MAX_DAYS[level]:
        raise refuse("span", f"by {level}, one answer covers 1 to {MAX_DAYS[level]} days", "/to")
    async with context.database.request(organisation_id, read_only=True) as session:
        factory = await reference.factory(session.connection, organisation_id, factory_id)
        units = {key: unit for key, unit in units_of(factory).items() if unit.code == source}
        if not units:
            raise NotFound("source", source)
        zone = factory.facts.time_zone
        span = Period(start, end).instants(zone)
        read = await sums.read(session.connection, units, factory.bucket_seconds, span, known_on)
    found = roll_up(read.sums, [source], level, zone)
    return {
        "source": source,
        "unit": next(iter(units.values())).unit,
        "level": level,
        "time_zone": zone,
        "known_on": known_on.isoformat() if known_on else None,
        "total": canonical(found.total),
        "items": spans_json(found.allocated),
        "not_allocated": spans_json(found.not_allocated),
    }


def spans_json(spans: Iterable[tuple[Span, Decimal]]) -> list[dict[str, str]]:
    """Spans of UTC epoch seconds as instants, with their quantities."""
    return [
        {"start": _instant(low), "end": _instant(high), "quantity": canonical(quantity)}
        for (low, high), quantity in spans
    ]


def _instant(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
