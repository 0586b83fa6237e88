"""From published events to a closed inventory, over HTTP, checked by a computation of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import httpx
import pytest
import pytest_asyncio

from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.stage import Stage
from zerocarbon.common.evidence import PeriodEvidence
from zerocarbon.common.identity.keys import key_digest
from zerocarbon.common.ids import natural_id, new_id
from zerocarbon.contracts.activity import ACTIVITY, ActivityRecorded, ReadingsRecorded
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.certificate import UnitsWithdrawn
from zerocarbon.contracts.reference import ApiKeyIssued, GrantIssued, MeterRegistered, Role, SourceRegistered
from zerocarbon.proof.bundle import recomputing
from zerocarbon.proof.bundle.contents import Contents
from zerocarbon.proof.closing import inventory_sha256
from zerocarbon.proof.facts import Meter, Source
from zerocarbon.proof.inventory import lines_digest
from zerocarbon.proof.leaves import evidence
from zerocarbon.proof.period import Period
from zerocarbon.proof.quantify import quantify

MakeStage = Callable[[], Awaitable[Stage]]
CLOSED_AT = datetime(2025, 6, 20, 8, tzinfo=UTC)
ORGANISATION = f"/accounting/v1/organisations/{plant.ORGANISATION}"
FACTORY = f"{ORGANISATION}/factories/{plant.FACTORY}"
BOUNDARIES = {
    "period": {"start": "2024-01-01", "end": "2024-02-01"},
    "consolidation": "operational-control",
    "scopes": ["1", "2", "3"],
    "operational_boundary": "All sources of the plant.",
}
OWN_FACTORS = [
    {
        "factor": "steam-of-the-park",
        "substance": "steam",
        "purpose": "heat",
        "value": "0.0986",
        "unit": "tCO2/GJ",
        "gas": "CO2",
    },
    {
        "factor": "wafer-supplier",
        "substance": "wafer",
        "purpose": "scope3",
        "value": "0.31",
        "unit": "kgCO2e/piece",
        "gas": "CO2e",
    },
]


@dataclass
class Office:
    """A stage with three people who have keys."""

    stage: Stage
    preparer: httpx.AsyncClient
    reviewer: httpx.AsyncClient
    stranger: httpx.AsyncClient

    async def opened(self) -> str:
        """A screened period with approved factors; gives its inventory's id."""
        answer = await self.preparer.post(f"{FACTORY}/inventories", json=BOUNDARIES)
        assert answer.status_code == 201, answer.text
        inventory = str(answer.json()["inventory_id"])
        answers = [{"category": 1, "state": "calculated"}]
        answers += [
            {"category": n, "state": "not-relevant", "reason": "There is none."} for n in range(2, 16)
        ]
        screened = await self.preparer.post(
            f"{FACTORY}/inventories/{inventory}/screening", json={"categories": answers}
        )
        assert screened.status_code == 200, screened.text
        return inventory

    async def factors(self) -> None:
        """Puts the plant's own factors forward and has them approved."""
        for factor in OWN_FACTORS:
            form = {
                **factor,
                "valid_from": "2024-01-01",
                "published": "2025-02-10",
                "source": "Supplier's statement",
                "evidence_sha256": "0" * 64,
                "synthetic": True,
            }
            answer = await self.preparer.post(f"{ORGANISATION}/factors", json=form)
            assert answer.status_code == 201, answer.text
            approval = f"{ORGANISATION}/factors/{factor['factor']}/versions/1/approval"
            assert (await self.preparer.post(approval)).status_code == 403
            assert (await self.reviewer.post(approval)).status_code == 200

    async def close(self, inventory: str, **params: Any) -> httpx.Response:
        """The reviewer closes."""
        return await self.reviewer.post(f"{FACTORY}/inventories/{inventory}/close", params=params)


def key(name: str, *roles: Role, organisation: str = plant.ORGANISATION) -> ApiKeyIssued:
    return ApiKeyIssued(
        organisation_id=organisation,
        api_key_id=natural_id("key", name),
        principal_id=natural_id("principal", name),
        roles=list(roles),
        key_sha256=key_digest(f"zc_{name}"),
        expires_at=datetime(2099, 1, 1, tzinfo=UTC),
    )


async def furnish(stage: Stage, facts: list[Event]) -> Office:
    keys: list[Event] = [
        key("preparer", "preparer"),
        key("reviewer", "reviewer"),
        key("stranger", "admin", organisation=natural_id("organisation", "other")),
    ]
    await stage.publish([*plant.registrations(), *keys], plant.RECORDED)
    await stage.publish(facts, plant.RECORDED)
    await stage.consume()
    await stage.service.set_business_clock(CLOSED_AT)
    return Office(
        stage, *(stage.service.with_key(f"zc_{name}") for name in ("preparer", "reviewer", "stranger"))
    )


@pytest_asyncio.fixture
async def office(stage: Stage) -> Office:
    return await furnish(stage, [*plant.month(), plant.retirement(100)])


def rules(answer: httpx.Response) -> set[str]:
    assert answer.status_code == 422, answer.text
    return {error["rule"] for error in answer.json()["errors"]}


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


@pytest.mark.requirement("R128")
async def test_more_certificates_than_consumption_are_refused_not_capped(stage: Stage) -> None:
    office = await furnish(stage, [*plant.month(), plant.retirement(1000)])
    await office.factors()
    inventory = await office.opened()
    assert rules(await office.close(inventory)) == {"DC19"}


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


@pytest.mark.requirement("R175")
async def test_who_prepared_does_not_close(office: Office) -> None:
    await office.factors()
    inventory = await office.opened()
    both = office.stage.service.with_key("zc_both")
    await office.stage.publish([key("both", "preparer", "reviewer")], CLOSED_AT)
    await office.stage.consume()
    helped = {"categories": [{"category": 1, "state": "calculated"}]}
    assert (await both.post(f"{FACTORY}/inventories/{inventory}/screening", json=helped)).status_code == 200
    assert rules(await both.post(f"{FACTORY}/inventories/{inventory}/close")) == {"R175"}
    assert (await office.close(inventory)).status_code == 200


@pytest.mark.requirement("R7", "R38")
async def test_what_is_missing_is_named_and_the_preview_says_the_same(stage: Stage) -> None:
    some = [fact for fact in plant.month() if fact.source_id not in map(plant.source_id, ("grid", "gas"))]
    office = await furnish(stage, [*some])
    await office.factors()
    inventory = await office.opened()
    preview = (await office.preparer.get(f"{FACTORY}/inventories/{inventory}/preview")).json()
    asked = {question["rule"] for question in preview["open_questions"]}
    assert asked == {"R7", "R38", "R121"}
    assert not preview["complete"]
    assert rules(await office.close(inventory)) == asked


@pytest.mark.requirement("R26")
async def test_a_source_is_left_out_with_reason_size_and_approver(stage: Stage) -> None:
    office = await furnish(
        stage, [fact for fact in plant.month() if fact.source_id != plant.source_id("gas")]
    )
    await office.factors()
    inventory = await office.opened()
    assert rules(await office.close(inventory)) == {"R7"}
    place = f"{FACTORY}/inventories/{inventory}/exclusions"
    wish = {"source": "gas", "reason": "the boiler was shut", "estimate_kg": "12.5"}
    assert (await office.preparer.post(place, json=wish)).status_code == 200
    assert rules(await office.close(inventory)) == {"R7", "R26"}
    assert (await office.reviewer.post(f"{place}/gas/approval")).status_code == 200
    closed = (await office.close(inventory)).json()
    assert closed["exclusions"] == [{**wish, "approver_id": natural_id("principal", "reviewer")}]


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


async def test_a_missing_interval_and_a_parked_event_block(stage: Stage) -> None:
    facts = [fact for fact in plant.month(block=1488) if fact != plant.readings("roof", 0, 1488)]
    office = await furnish(stage, [*facts, plant.readings("roof", 1, 1487)])
    await office.factors()
    inventory = await office.opened()
    assert rules(await office.close(inventory)) == {"R121"}
    await stage.publish_bytes(ReadingsRecorded.TYPE, ACTIVITY, plant.FACTORY, b"{}")
    await stage.consume()
    assert rules(await office.close(inventory)) == {"R121", "parked-events"}
    shown = (await office.preparer.get(f"{FACTORY}/positions")).json()
    assert [one["type"] for one in shown["parked"]] == [ReadingsRecorded.TYPE]


async def test_sums_that_do_not_follow_from_the_events_are_never_closed(office: Office) -> None:
    """The paired assertion: what was kept against what the events say."""
    await office.factors()
    inventory = await office.opened()
    async with office.stage.database.worker() as session:
        await session.connection.execute(
            "INSERT INTO sum_delta SELECT source_id, unit, bucket_start, bucket_end, 1, recorded_day"
            " FROM sum_delta WHERE source_id = $1 LIMIT 1",
            plant.source_id("grid"),
        )
    assert rules(await office.close(inventory)) == {"sums-differ"}


async def test_of_two_closes_at_once_one_wins(office: Office) -> None:
    await office.factors()
    inventory = await office.opened()
    answers = await asyncio.gather(*(office.close(inventory) for _ in range(3)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes[0] == 200
    assert set(codes[1:]) <= {409, 422}
    shown = (await office.preparer.get(f"{FACTORY}/inventories/{inventory}")).json()
    assert [one["version"] for one in shown["versions"]] == [1]


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


async def test_a_line_is_explained_down_to_its_months_and_meters(office: Office) -> None:
    await office.factors()
    inventory = await office.opened()
    await office.close(inventory)
    address = f"{FACTORY}/inventories/{inventory}/explanation"
    told = (await office.preparer.get(address, params={"line": "cell-plant/grid/location"})).json()
    assert told["factors"][0]["value"] == "0.5978"
    assert told["source"]["months"][0]["quantity"] == told["line"]["quantity"]
    assert [meter["meter"] for meter in told["meters"]] == ["grid-meter"]
    assert (await office.preparer.get(address, params={"line": "no/such/line"})).status_code == 404


@pytest.mark.requirement("R111")
async def test_hours_add_up_to_days_and_days_to_the_month(office: Office) -> None:
    async def ask(level: str, **more: str) -> dict[str, Any]:
        params = {"source": "grid", "level": level, "from": "2024-01-01", "to": "2024-02-01", **more}
        answer = await office.preparer.get(f"{FACTORY}/sums", params=params)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    hours, days, months = [await ask(level) for level in ("hour", "day", "month")]
    assert [len(found["items"]) for found in (hours, days, months)] == [744, 31, 1]
    assert hours["total"] == days["total"] == months["total"] == months["items"][0]["quantity"]
    first_day = sum(Decimal(hour["quantity"]) for hour in hours["items"][:24])
    assert first_day == Decimal(days["items"][0]["quantity"])
    assert days["items"][0]["start"] == "2023-12-31T16:00:00Z"
    assert (await ask("month", known_on="2024-02-02"))["total"] == "0"


async def test_strangers_and_wrong_roles_are_kept_out(office: Office) -> None:
    inventory = await office.opened()
    address = f"{FACTORY}/inventories/{inventory}"
    assert (await office.stranger.get(address)).status_code == 403
    assert (await office.reviewer.post(f"{FACTORY}/inventories", json=BOUNDARIES)).status_code == 403
    assert (await office.preparer.post(f"{address}/close")).status_code == 403
    assert (await office.stage.service.with_key(None).get(address)).status_code == 401
    assert (await office.preparer.get(f"{FACTORY}/inventories/{new_id()}")).status_code == 404


async def test_a_verifier_sees_the_period_of_his_grant_and_no_other(office: Office) -> None:
    first = await office.opened()
    february = {**BOUNDARIES, "period": {"start": "2024-02-01", "end": "2024-03-01"}}
    second = (await office.preparer.post(f"{FACTORY}/inventories", json=february)).json()["inventory_id"]
    grant = GrantIssued(
        organisation_id=plant.ORGANISATION,
        grant_id=new_id(),
        grantee_id=natural_id("principal", "verifier"),
        role="verifier",
        factory_id=plant.FACTORY,
        period_start=plant.START,
        period_end=plant.END,
        until=datetime(2099, 1, 1, tzinfo=UTC),
    )
    house = key("verifier", "verifier", organisation=natural_id("organisation", "verifiers"))
    await office.stage.publish([grant, house], CLOSED_AT)
    await office.stage.consume()
    verifier = office.stage.service.with_key("zc_verifier")
    assert (await verifier.get(f"{FACTORY}/inventories/{first}")).status_code == 200
    assert (await verifier.get(f"{FACTORY}/inventories/{second}")).status_code == 403
    sums = f"{FACTORY}/sums?source=grid&level=day&from=2024-01-01"
    assert (await verifier.get(f"{sums}&to=2024-02-01")).status_code == 200
    assert (await verifier.get(f"{sums}&to=2024-02-02")).status_code == 403
    assert (await verifier.post(f"{FACTORY}/inventories/{first}/close")).status_code == 403


@pytest.mark.requirement("R8", "R178", "R26")
async def test_bad_requests_are_problems_with_rules_and_places(office: Office) -> None:
    answer = await office.preparer.post(f"{FACTORY}/inventories", json={"period": {"start": "2024-01-01"}})
    assert answer.headers["content-type"] == "application/problem+json"
    assert {error["pointer"] for error in answer.json()["errors"]} == {
        "/consolidation",
        "/scopes",
        "/operational_boundary",
        "/period",
    }
    assert rules(answer) == {"R8"}
    inventory = await office.opened()
    overlap = {**BOUNDARIES, "period": {"start": "2024-01-15", "end": "2024-03-01"}}
    assert rules(await office.preparer.post(f"{FACTORY}/inventories", json=overlap)) == {"R178"}
    bare = {"source": "steam"}
    place = f"{FACTORY}/inventories/{inventory}/exclusions"
    assert rules(await office.preparer.post(place, json=bare)) == {"R26"}
    misspelt = await office.preparer.post(place, json={"sourec": "steam"})
    assert misspelt.status_code == 422
    assert misspelt.json()["type"].endswith("invalid-request")


async def test_the_library_is_listed_with_its_sources(office: Office) -> None:
    params = {"purpose": "electricity-average"}
    found = (await office.preparer.get(f"{ORGANISATION}/factors", params=params)).json()
    jiangsu = next(one for one in found["library"] if one["region"] == "CN-JS" and one["year"] == 2022)
    assert (jiangsu["value"], jiangsu["published"]) == ("0.5978", "2024-12-20")
    assert "2024 no. 33" in jiangsu["source"]


async def test_an_answer_is_kept_under_its_key(office: Office) -> None:
    headers = {"Idempotency-Key": "open-january"}
    first = await office.preparer.post(f"{FACTORY}/inventories", json=BOUNDARIES, headers=headers)
    again = await office.preparer.post(f"{FACTORY}/inventories", json=BOUNDARIES, headers=headers)
    assert (first.status_code, again.json()) == (201, first.json())
