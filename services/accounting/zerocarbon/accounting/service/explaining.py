"""From a line of a closed version down to its factors, buckets and meters."""

from __future__ import annotations

from datetime import date
from typing import Any

from zerocarbon.accounting.service.draft_facts import units_of
from zerocarbon.accounting.service.rollups import spans_json
from zerocarbon.accounting.store import inventories, reference, sums
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.refusal import NotFound, refuse
from zerocarbon.proof.numbers import canonical
from zerocarbon.proof.rollup import in_period, roll_up


async def explain(
    context: ServiceContext, organisation_id: str, factory_id: str, inventory_id: str, name: str
) -> dict[str, Any]:
    """The line, what it was computed from, and the sums of its source as known at the close, by month.

    A market-based line may stand for a part of the source's quantity: certificates cover the rest.

    Raises:
        NotFound: no such inventory or line.
        Refused: the version is not closed; its preview is what there is.
    """
    async with context.database.request(organisation_id) as session:
        connection = session.connection
        version = await inventories.find(connection, organisation_id, factory_id, inventory_id)
        if version.closed is None:
            raise refuse("not-closed", "only a closed version is explained; ask for its preview instead")
        line = next((one for one in version.closed["lines"] if one["line"] == name), None)
        if line is None:
            raise NotFound("line", name)
        factory = await reference.factory(connection, organisation_id, factory_id)
        zone = factory.facts.time_zone
        units = {key: unit for key, unit in units_of(factory).items() if unit.code == line["source"]}
        known_on = date.fromisoformat(version.closed["knowledge_date"])
        span = version.period.instants(zone)
        read = await sums.read(connection, units, factory.bucket_seconds, span, known_on)
    quantity = in_period(read.sums, line["source"], version.period, zone).quantity
    months = roll_up(read.sums, [line["source"]], "month", zone)
    return {
        "line": line,
        "factors": line["factors"],
        "source": {
            "code": line["source"],
            "quantity_in_period": canonical(quantity),
            "months": spans_json(months.allocated),
            "not_allocated": spans_json(months.not_allocated),
        },
        "meters": [one for one in version.closed["coverage"] if one["source"] == line["source"]],
        "readings_root": version.closed["readings_root"],
        "readings_count": version.closed["readings_count"],
        "pins": version.closed["pins"],
    }
