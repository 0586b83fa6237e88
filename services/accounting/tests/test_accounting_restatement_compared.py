"""Any two closed versions of a factory are compared, by those who may read both."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from zerocarbon.accounting.testing import plant
from zerocarbon.accounting.testing.office import BOUNDARIES, FACTORY, Office, key, rules
from zerocarbon.accounting.testing.restating import arrive, compared, first_closed
from zerocarbon.common.ids import natural_id, new_id
from zerocarbon.contracts.reference import GrantIssued


async def test_periods_of_a_factory_are_compared(office: Office) -> None:
    first = await first_closed(office)
    february = {**BOUNDARIES, "period": {"start": "2024-02-01", "end": "2024-03-01"}}
    answer = await office.preparer.post(f"{FACTORY}/inventories", json=february)
    second = answer.json()["inventory_id"]
    place = f"{FACTORY}/inventories/{second}/comparison"
    open_yet = await office.preparer.get(place, params={"with": first["inventory_id"]})
    assert rules(open_yet) == {"not-closed"}
    other_way = await office.preparer.get(
        f"{FACTORY}/inventories/{first['inventory_id']}/comparison", params={"with": second}
    )
    assert rules(other_way) == {"not-closed"}
    frozen = {**first, "inventory_id": second, "period": february["period"]}
    async with office.stage.database.request(plant.ORGANISATION) as session:
        await session.connection.execute(
            "UPDATE inventory_version SET closed = $2 WHERE inventory_id = $1", second, json.dumps(frozen)
        )
    found = await compared(office, second, first["inventory_id"])
    assert (found["lines"], found["unchanged"], found["attribution"]) == ([], len(first["lines"]), None)
    assert [found[side]["period"]["start"] for side in ("before", "after")] == ["2024-01-01", "2024-02-01"]


async def test_methods_are_never_mixed(office: Office) -> None:
    first = await first_closed(office)
    async with office.stage.database.request(plant.ORGANISATION) as session:
        other = await session.connection.fetchval(
            "INSERT INTO inventory_version (inventory_id, organisation_id, factory_id, profile, period_start,"
            " period_end, version, closed) SELECT gen_random_uuid(), organisation_id, factory_id,"
            " 'another-method', period_start, period_end, version, closed FROM inventory_version"
            " WHERE inventory_id = $1 RETURNING inventory_id::text",
            first["inventory_id"],
        )
    place = f"{FACTORY}/inventories/{first['inventory_id']}/comparison"
    assert rules(await office.preparer.get(place, params={"with": other})) == {"rules 4"}


async def test_nobody_compares_with_what_he_may_not_read(office: Office) -> None:
    first = await first_closed(office)
    place = f"{FACTORY}/inventories/{first['inventory_id']}/comparison"
    unknown = await office.preparer.get(place, params={"with": new_id()})
    assert unknown.status_code == 404
    assert (await office.preparer.get(place)).status_code == 422
    itself = {"with": first["inventory_id"]}
    assert (await office.preparer.get(place, params=itself)).json()["lines"] == []
    assert (await office.stranger.get(place, params=itself)).status_code == 403
    elsewhere = (
        f"/accounting/v1/organisations/{natural_id('organisation', 'other')}/factories/{plant.FACTORY}"
    )
    crossing = f"{elsewhere}/inventories/{first['inventory_id']}/comparison"
    assert (await office.stranger.get(crossing, params=itself)).status_code == 404


async def test_a_verifier_of_one_period_compares_within_it(office: Office) -> None:
    first = await first_closed(office)
    february = {**BOUNDARIES, "period": {"start": "2024-02-01", "end": "2024-03-01"}}
    answer = await office.preparer.post(f"{FACTORY}/inventories", json=february)
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
    await arrive(office, grant, house)
    verifier = office.stage.service.with_key("zc_verifier")
    place = f"{FACTORY}/inventories/{first['inventory_id']}"
    granted = await verifier.get(f"{place}/comparison", params={"with": first["inventory_id"]})
    assert granted.status_code == 200
    assert (await verifier.get(f"{place}/pending")).status_code == 200
    other = {"with": answer.json()["inventory_id"]}
    assert (await verifier.get(f"{place}/comparison", params=other)).status_code == 403
    for lacking in ({}, {"with": "no-id"}, {"with": new_id()}):
        assert (await verifier.get(f"{place}/comparison", params=lacking)).status_code == 403
