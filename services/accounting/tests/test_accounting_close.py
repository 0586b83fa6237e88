"""From published events to a closed inventory, over HTTP, checked by a computation of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal

import pytest

from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.office import (
    CLOSED_AT,
    FACTORY,
    ORGANISATION,
    Office,
    furnish,
)
from zerocarbon.accounting.testing.stage import Stage
from zerocarbon.common.evidence import PeriodEvidence
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.activity import ACTIVITY, ActivityRecorded
from zerocarbon.contracts.certificate import UnitsWithdrawn
from zerocarbon.contracts.inventory import INVENTORY_LATEST, LatestLine, LatestLineWithdrawn
from zerocarbon.contracts.reference import MeterRegistered, SourceRegistered
from zerocarbon.proof.bundle import recomputing
from zerocarbon.proof.bundle.contents import Contents
from zerocarbon.proof.closing import inventory_sha256
from zerocarbon.proof.facts import Meter, Source
from zerocarbon.proof.inventory import lines_digest
from zerocarbon.proof.leaves import evidence
from zerocarbon.proof.period import Period
from zerocarbon.proof.quantify import quantify

MakeStage = Callable[[], Awaitable[Stage]]


def expected() -> dict[str, Decimal]:
    """Kilograms of CO2e by line, by plain arithmetic on published figures; no product code takes part.

    Grid factors: MEE announcement 2024 no. 33, tables 3 (Jiangsu) and 4. Fuels: national guide for other
    industrial enterprises 2015, table 2.1. R404A: ASHRAE 34 composition and AR6 values, 4,728.
    """
    context = Context(prec=60, rounding=ROUND_HALF_EVEN)
    grid = sum((Decimal("100.125") + Decimal(i * 7 % 96) / 1000 for i in range(2976)), Decimal(0))
    gas = Decimal("12000.5") * Decimal("0.038931") * Decimal("0.0153") * Decimal("0.99") * 1000 * 44
    diesel = Decimal("1.234") * Decimal("43.33") * Decimal("0.0202") * Decimal("0.98") * 1000 * 44
    exact = {
        "cell-plant/grid/location": grid * Decimal("0.5978"),
        "cell-plant/grid/market/rest": (grid - 100_000) * Decimal("0.5856"),
        "cell-plant/grid/market/certificate/GEC/wind-01": Decimal(0),
        "cell-plant/roof/location/own-use": Decimal(0),
        "cell-plant/roof/market/own-use": Decimal(0),
        "cell-plant/gas/both": context.divide(gas, Decimal(12)),
        "cell-plant/diesel/both": context.divide(diesel, Decimal(12)),
        "cell-plant/chiller/both": Decimal("2.5") * 4728,
        "cell-plant/steam/both": Decimal(840) * Decimal("0.0986") * 1000,
        "cell-plant/wafers/both": Decimal(150000) * Decimal("0.31"),
    }
    quantum = Decimal("0.000000000001")
    return {name: value.quantize(quantum, context=context) for name, value in exact.items()}


@pytest.mark.requirement("R7", "R16", "R175")
async def test_a_month_is_closed_and_agrees_with_an_independent_computation(office: Office) -> None:
    await office.factors()
    inventory = await office.opened()
    tried = await office.close(inventory, dry_run=True)
    assert tried.status_code == 200
    assert tried.json()["dry_run"] is True
    answer = await office.close(inventory)
    assert answer.status_code == 200, answer.text
    closed = answer.json()
    lines = {line["line"]: Decimal(line["co2e_kg"]) for line in closed["lines"]}
    assert lines == expected()
    totals = {name: Decimal(value) for name, value in closed["totals"].items()}
    figures = expected()
    scope1 = sum(figures[f"cell-plant/{code}/both"] for code in ("gas", "diesel", "chiller"))
    steam, scope3 = figures["cell-plant/steam/both"], figures["cell-plant/wafers/both"]
    assert totals["scope1"] == scope1
    assert totals["scope2_location"] == figures["cell-plant/grid/location"] + steam
    assert totals["scope2_market"] == figures["cell-plant/grid/market/rest"] + steam
    assert totals["scope3"] == scope3
    assert totals["total_market"] == scope1 + totals["scope2_market"] + scope3
    assert closed["readings_count"] == 3 * plant.COUNT + len(plant.RECORDS)
    assert [meter["read"] for meter in closed["coverage"]] == [plant.COUNT] * 3
    assert closed["retirements"] == [natural_id("retirement", "wind")]
    assert closed["knowledge_date"] == "2025-06-20"
    assert {pin["topic"] for pin in closed["pins"]} >= {ACTIVITY, "zerocarbon.reference.v1"}
    notes = [factor["source"] for line in closed["lines"] for factor in line["factors"]]
    assert sum("synthetic" in note for note in notes) == 2


async def test_the_same_facts_give_the_same_bytes_whatever_their_ids_and_order(make_stage: MakeStage) -> None:
    digests = set()
    for block in (96, 500):
        office = await furnish(await make_stage(), [*reversed(plant.month(block)), plant.retirement(100)])
        await office.factors()
        closed = (await office.close(await office.opened())).json()
        digests.add((closed["lines_sha256"], closed["inventory_sha256"], closed["readings_root"]))
    assert len(digests) == 1


async def test_certificates_lower_the_market_based_figure_only(make_stage: MakeStage) -> None:
    without = await furnish(await make_stage(), [*plant.month()])
    await without.factors()
    closed = (await without.close(await without.opened())).json()["totals"]
    figures = expected()
    grid = sum((Decimal("100.125") + Decimal(i * 7 % 96) / 1000 for i in range(2976)), Decimal(0))
    steam = figures["cell-plant/steam/both"]
    assert Decimal(closed["scope2_market"]) == grid * Decimal("0.5856") + steam
    assert Decimal(closed["scope2_location"]) == figures["cell-plant/grid/location"] + steam


async def test_a_withdrawn_certificate_carries_no_claim(office: Office) -> None:
    retired = plant.retirement(100)
    back = UnitsWithdrawn(
        block_id=retired.block_id, organisation_id=plant.ORGANISATION, low=10, high=20, reason="issued twice"
    )
    await office.stage.publish([back], CLOSED_AT)
    await office.stage.consume()
    await office.factors()
    closed = (await office.close(await office.opened())).json()
    assert closed["retirements"] == []
    assert "cell-plant/grid/market/certificate/GEC/wind-01" not in {line["line"] for line in closed["lines"]}


async def test_a_stranger_recomputes_the_closed_version_from_its_facts(office: Office) -> None:
    """By the code with which a bundle is verified, from the events and not from any table."""
    await office.factors()
    closed = (await office.close(await office.opened())).json()
    registered = plant.registrations()
    sources = {one.source_id: one for one in registered if isinstance(one, SourceRegistered)}
    meters = {one.meter_id: one for one in registered if isinstance(one, MeterRegistered)}
    gathered = PeriodEvidence(
        Period(plant.START, plant.END),
        plant.ZONE,
        {key: one.code for key, one in meters.items()},
        {key: one.code for key, one in sources.items()},
    )
    for event in plant.month(block=1000):
        gathered.add(event)
    listed = (await office.preparer.get(f"{ORGANISATION}/factors")).json()["own"]
    contents = Contents(
        factory=registered[0].model_dump(mode="json"),
        sources=tuple(Source.from_json(one.model_dump(mode="json")) for one in sources.values()),
        meters=tuple(
            Meter(one.code, sources[one.source_id].code, one.unit, one.interval_seconds)
            for one in meters.values()
        ),
        readings=gathered.readings(),
        records=gathered.records(),
        library_factors=(),
        inventory=closed,
        organisation_factors=tuple(listed),
        energy_retirements=(plant.retirement(100).model_dump(mode="json"),),
    )
    consumed = recomputing.quantities(contents, recomputing.sums(contents))
    lines = quantify(recomputing.inputs(contents, consumed))
    leaves = evidence(contents.readings, contents.records)
    assert lines_digest(lines) == closed["lines_sha256"]
    assert inventory_sha256(closed) == closed["inventory_sha256"]
    assert (leaves.root, leaves.count) == (closed["readings_root"], closed["readings_count"])


async def test_late_data_are_restated_and_the_first_version_stays_readable(office: Office) -> None:
    await office.factors()
    first = await office.opened()
    closed = (await office.close(first)).json()
    late = ActivityRecorded(
        factory_id=plant.FACTORY,
        source_id=plant.source_id("gas"),
        recorded_at=CLOSED_AT,
        record="gas-2024-01-late",
        start=plant.MIDNIGHT,
        end=plant.MIDNIGHT + timedelta(days=31),
        quantity=Decimal(10),
        unit="Nm3",
    )
    await office.stage.publish([late], CLOSED_AT + timedelta(hours=1))
    await office.stage.consume()
    await office.stage.service.set_business_clock(CLOSED_AT + timedelta(days=1))
    asked = {"kind": "late-data", "reason": "an invoice came late"}
    begun = await office.preparer.post(f"{FACTORY}/inventories/{first}/restatements", json=asked)
    assert begun.status_code == 201, begun.text
    second = (await office.close(begun.json()["inventory_id"])).json()
    assert (second["version"], second["supersedes"]) == (2, first)
    assert second["restatement_reason"] == "late-data: an invoice came late"
    gas = Decimal(10) * Decimal("0.038931") * Decimal("0.0153") * Decimal("0.99") * 44 / 12 * 1000
    more = Decimal(second["totals"]["scope1"]) - Decimal(closed["totals"]["scope1"])
    assert abs(more - gas) < Decimal("1e-11")
    shown = (await office.preparer.get(f"{FACTORY}/inventories/{first}")).json()
    assert shown["superseded"] is True
    assert shown["closed"] == closed
    now = (await office.preparer.get(f"{FACTORY}/inventories/{first}/preview")).json()
    assert now["totals"] == second["totals"]


async def test_a_line_that_a_restatement_has_no_more_is_withdrawn(office: Office) -> None:
    await office.factors()
    first = await office.opened()
    await office.close(first)
    retired = plant.retirement(100)
    back = UnitsWithdrawn(
        block_id=retired.block_id, organisation_id=plant.ORGANISATION, low=10, high=20, reason="issued twice"
    )
    await office.stage.publish([back], CLOSED_AT)
    await office.stage.consume()
    asked = {"kind": "late-data", "reason": "certificates were withdrawn"}
    begun = await office.preparer.post(f"{FACTORY}/inventories/{first}/restatements", json=asked)
    assert (await office.close(begun.json()["inventory_id"])).status_code == 200
    async with office.stage.database.reader() as session:
        rows = await session.connection.fetch(
            "SELECT key, type, data FROM event WHERE topic = $1 ORDER BY tx, position", INVENTORY_LATEST
        )
    gone = "cell-plant/grid/market/certificate/GEC/wind-01"
    newest = {row["key"].rpartition("|")[2]: (row["type"], row["data"]) for row in rows}
    assert newest[gone] == (LatestLineWithdrawn.TYPE, b"")
    assert {kind for line, (kind, _) in newest.items() if line != gone} == {LatestLine.TYPE}
    assert len({row["key"] for row in rows}) == len(expected())
