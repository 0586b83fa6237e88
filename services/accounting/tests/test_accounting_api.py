"""Queries, access and problems of accounting over HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.office import (
    BOUNDARIES,
    CLOSED_AT,
    FACTORY,
    ORGANISATION,
    Office,
    key,
    rules,
)
from zerocarbon.accounting.testing.stage import Stage
from zerocarbon.common.ids import natural_id, new_id
from zerocarbon.contracts.reference import GrantIssued

MakeStage = Callable[[], Awaitable[Stage]]


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

    before = await ask("month")
    await office.stage.publish([plant.correction(CLOSED_AT, 8, Decimal("1.5"))], CLOSED_AT)
    await office.stage.consume()
    hours, days, months = [await ask(level) for level in ("hour", "day", "month")]
    assert Decimal(months["total"]) - Decimal(before["total"]) == 6
    assert (await ask("day", known_on="2025-06-19"))["total"] == before["total"]
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
