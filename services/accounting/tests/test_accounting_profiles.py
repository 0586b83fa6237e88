"""A month under three method profiles, over HTTP: opened, previewed, closed, and verified by a stranger.

The expected figures of the guide are computed here by plain arithmetic; no product code takes part.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.office import ANSWERS, BOUNDARIES, FACTORY, ORGANISATION, Office, rules
from zerocarbon.common.evidence import PeriodEvidence
from zerocarbon.contracts.inventory import INVENTORY_LATEST
from zerocarbon.contracts.reference import MeterRegistered, SourceRegistered
from zerocarbon.proof.bundle import Contents, used_library_factors, write
from zerocarbon.proof.facts import Meter, Source
from zerocarbon.proof.period import Period
from zerocarbon.proof.verify import Report, verify

SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
GUIDE = {**BOUNDARIES, "profile": "cn-other", "scopes": ["1", "2"]}
ISO = {**BOUNDARIES, "profile": "iso-14064-1"}
JUDGED = [
    {
        **answer,
        "significance": {
            "criteria": ["magnitude", "influence"],
            "significant": answer["category"] == 1,
            "reason": "More than half of the total." if answer["category"] == 1 else "There is none.",
        },
    }
    for answer in ANSWERS
]
SWING = sum((Decimal(i * 7 % 96) / 1000 for i in range(plant.COUNT)), Decimal(0))
GRID, EXPORT = (plant.COUNT * plant.METERED[code] + SWING for code in ("grid", "export"))


def guide_figures() -> dict[str, Decimal]:
    """Kilograms of CO2 by line, by the formulas of the guide for other industry, 2015.

    E = FC x NCV x CC x OF x 44/12 + (bought - sold) x factor. Fuels: its appendix, table 2.1. Electricity:
    East China grid, MEE announcement 2024 no. 33, table 2: 0.5617. Steam: the supplier's 0.0986 tCO2/GJ.
    """
    context = Context(prec=60, rounding=ROUND_HALF_EVEN)
    gas = Decimal("12000.5") * Decimal("0.038931") * Decimal("0.0153") * Decimal("0.99") * 1000 * 44
    diesel = Decimal("1.234") * Decimal("43.33") * Decimal("0.0202") * Decimal("0.98") * 1000 * 44
    exact = {
        "cell-plant/gas/both": context.divide(gas, Decimal(12)),
        "cell-plant/diesel/both": context.divide(diesel, Decimal(12)),
        "cell-plant/grid/both": GRID * Decimal("0.5617"),
        "cell-plant/export/both": -EXPORT * Decimal("0.5617"),
        "cell-plant/steam/both": Decimal(840) * Decimal("98.6"),
    }
    quantum = Decimal("0.000000000001")
    return {name: value.quantize(quantum, context=context) for name, value in exact.items()}


async def closed_under(office: Office, boundaries: Mapping[str, Any]) -> dict[str, Any]:
    inventory = await office.begun(boundaries)
    if "3" in boundaries["scopes"]:
        await office.screened(inventory, JUDGED)
    answer = await office.close(inventory)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def shown(office: Office, closed: Mapping[str, Any]) -> dict[str, Any]:
    answer = await office.preparer.get(f"{FACTORY}/inventories/{closed['inventory_id']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def verified(office: Office, closed: dict[str, Any]) -> Report:
    """A bundle of the closed version, made of its facts and judged by the code that strangers run."""
    registered = plant.registrations()
    sources = {one.source_id: one for one in registered if isinstance(one, SourceRegistered)}
    meters = {one.meter_id: one for one in registered if isinstance(one, MeterRegistered)}
    gathered = PeriodEvidence(
        Period(plant.START, plant.END),
        plant.ZONE,
        {key: one.code for key, one in meters.items()},
        {key: one.code for key, one in sources.items()},
    )
    for event in plant.month():
        gathered.add(event)
    listed = (await office.preparer.get(f"{ORGANISATION}/factors")).json()["own"]
    retired = [plant.retirement(100).model_dump(mode="json", exclude_none=True)]
    contents = Contents(
        factory=registered[0].model_dump(mode="json"),
        sources=tuple(Source.from_json(one.model_dump(mode="json")) for one in sources.values()),
        meters=tuple(
            Meter(one.code, sources[one.source_id].code, one.unit, one.interval_seconds)
            for one in meters.values()
        ),
        readings=gathered.readings(),
        records=gathered.records(),
        library_factors=used_library_factors(closed),
        inventory=closed,
        organisation_factors=tuple(listed),
        energy_retirements=tuple(one for one in retired if one["retirement_id"] in closed["retirements"]),
    )
    return verify(write(contents, SIGNER), SIGNER.public_key())


@pytest.mark.requirement("R28", "R29", "R30")
async def test_the_guide_for_other_industry_is_closed_and_agrees_with_plain_arithmetic(
    office: Office,
) -> None:
    await office.factors()
    closed = await closed_under(office, GUIDE)
    figures = guide_figures()
    assert {line["line"]: Decimal(line["co2e_kg"]) for line in closed["lines"]} == figures
    assert (closed["profile"], closed["gwp_set"], closed["screening"]) == ("cn-other", "SAR", [])
    totals = {name: Decimal(value) for name, value in closed["totals"].items()}
    assert totals["total_location"] == totals["total_market"] == sum(figures.values())
    assert closed["retirements"] == [], "certificates do not act, so the inventory rests on none"
    left_out = {one["source"]: (one["scope"], Decimal(one["quantity"])) for one in closed["not_counted"]}
    assert left_out == {
        "chiller": ("1", Decimal("2.5")),
        "roof": ("outside", plant.COUNT * plant.METERED["roof"] + SWING),
        "wafers": ("3", Decimal(150000)),
    }
    assert all(one["reason"] for one in closed["not_counted"])
    breakdown = (await shown(office, closed))["breakdown"]
    assert breakdown["headline"] == {"both": closed["totals"]["total_location"]}
    assert breakdown["in_addition"] == {}
    amounts = {one["source"]: Decimal(one["co2e_kg"]) for one in breakdown["guide_sources"]}
    assert list(amounts) == [
        "fossil-fuel",
        "carbonate",
        "waste-water",
        "methane-recovery",
        "co2-recovery",
        "net-energy",
    ]
    assert sum(amounts.values()) == totals["total_location"]
    absent = [one for one in breakdown["guide_sources"] if one["state"] == "absent"]
    assert len(absent) == 4
    assert all(one["reason"] for one in absent)
    assert (await verified(office, closed)).exit_status == 0


async def test_a_guide_inventory_that_hides_what_it_does_not_count_is_refused(office: Office) -> None:
    await office.factors()
    closed = await closed_under(office, GUIDE)
    kept = [one for one in closed["not_counted"] if one["source"] != "chiller"]
    report = await verified(office, {**closed, "not_counted": kept})
    assert (
        "chiller is not counted and not listed"
        in {check.name: check.detail for check in report.failures}["profile"]
    )


@pytest.mark.requirement("R9", "R18")
async def test_iso_14064_1_takes_the_location_based_total_and_shows_instruments_apart(office: Office) -> None:
    await office.factors()
    closed = await closed_under(office, ISO)
    breakdown = (await shown(office, closed))["breakdown"]
    assert breakdown["headline"] == {"location": closed["totals"]["total_location"]}
    assert breakdown["in_addition"] == {"market": closed["totals"]["total_market"]}
    assert closed["totals"]["total_market"] != closed["totals"]["total_location"]
    categories = {name: Decimal(kg) for name, kg in breakdown["iso_categories"]["location"].items()}
    assert sum(categories.values()) == Decimal(closed["totals"]["total_location"])
    subcategories = breakdown["iso"]["subcategories"]
    assert sum(Decimal(kg) for kg in subcategories.values() if kg is not None) == sum(categories.values())
    judged = breakdown["iso"]["significance"]
    assert {category: [one["category"] for one in answers] for category, answers in judged.items()} == {
        "3": [4, 6, 7, 9],
        "4": [1, 2, 3, 5, 8],
        "5": [10, 11, 12, 13, 15],
        "6": [14],
    }
    assert judged["4"][0]["significance"]["criteria"] == ["magnitude", "influence"]
    assert (await verified(office, closed)).exit_status == 0


async def test_three_profiles_of_one_month_stand_side_by_side_and_are_never_mixed(office: Office) -> None:
    await office.factors()
    closed = {
        one["profile"]: one for one in [await closed_under(office, form) for form in (BOUNDARIES, ISO, GUIDE)]
    }
    assert len({one["inventory_sha256"] for one in closed.values()}) == 3
    assert closed["iso-14064-1"]["lines"] == closed["ghg-protocol"]["lines"], "one set of facts, other views"
    for one in closed.values():
        assert {line["gwp_set"] for line in one["lines"]} == {one["gwp_set"]}
    listed = (await office.preparer.get(f"{FACTORY}/inventories")).json()["items"]
    assert sorted(one["profile"] for one in listed) == ["cn-other", "ghg-protocol", "iso-14064-1"]
    async with office.stage.database.reader() as session:
        keys = await session.connection.fetch("SELECT key FROM event WHERE topic = $1", INVENTORY_LATEST)
    lines = sum(len(one["lines"]) for one in closed.values())
    assert len({row["key"] for row in keys}) == lines, "each profile's latest lines have keys of their own"


async def test_iso_14064_1_asks_how_significant_each_category_is(office: Office) -> None:
    await office.factors()
    inventory = await office.begun(ISO)
    await office.screened(inventory, ANSWERS)
    answer = await office.close(inventory)
    assert rules(answer) == {"ISO 14064-1 5.2.3"}
    assert len(answer.json()["errors"]) == 15
    contradiction = {**JUDGED[1], "significance": {**JUDGED[1]["significance"], "significant": True}}
    place = f"{FACTORY}/inventories/{inventory}/screening"
    refused = await office.preparer.post(place, json={"categories": [contradiction]})
    assert rules(refused) == {"ISO 14064-1 5.2.3"}
    unknown = {**JUDGED[1], "significance": {**JUDGED[1]["significance"], "criteria": ["taste"]}}
    assert (await office.preparer.post(place, json={"categories": [unknown]})).status_code == 422


@pytest.mark.requirement("R27")
async def test_the_guide_is_opened_under_operational_control_and_without_scope_3(office: Office) -> None:
    place = f"{FACTORY}/inventories"
    share = await office.preparer.post(place, json={**GUIDE, "consolidation": "equity-share"})
    assert [error["pointer"] for error in share.json()["errors"]] == ["/consolidation"]
    wide = await office.preparer.post(place, json={**GUIDE, "scopes": ["1", "2", "3"]})
    assert [error["pointer"] for error in wide.json()["errors"]] == ["/scopes"]
    inventory = await office.begun(GUIDE)
    answer = await office.preparer.post(f"{place}/{inventory}/screening", json={"categories": [ANSWERS[1]]})
    assert rules(answer) == {"R29"}


async def test_a_preview_says_its_profile_and_what_it_leaves_out(office: Office) -> None:
    await office.factors()
    inventory = await office.begun(GUIDE)
    told = (await office.preparer.get(f"{FACTORY}/inventories/{inventory}/preview")).json()
    assert (told["profile"], told["gwp_set"], told["open_questions"]) == ("cn-other", "SAR", [])
    assert [one["source"] for one in told["not_counted"]] == ["chiller", "roof", "wafers"]
