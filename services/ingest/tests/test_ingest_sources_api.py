"""Sources of direct emissions over REST: attributes are checked where a source is registered."""

from __future__ import annotations

import json

import httpx

from zerocarbon.common.testing.service import RunningService

SOURCE = {"name_en": "Source", "name_zh": "排放源"}


async def test_a_stock_is_recorded_as_a_term_of_its_sources_balance(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    gas = {**SOURCE, "code": "pecvd", "kind": "process-gas", "substance": "nf3", "unit": "kg"}
    stock = {**gas, "code": "stock", "attributes": {"balance_of": "pecvd", "flow": "opening-stock"}}
    early = await operator.post(f"{factory}/sources", json=stock)
    assert [(error["rule"], error["pointer"]) for error in early.json()["errors"]] == [
        ("rules 4", "/attributes/balance_of")
    ]
    for source in ({**gas, "attributes": {"counts": "received"}}, stock):
        assert (await operator.post(f"{factory}/sources", json=source)).status_code == 201
    record = {"source": "stock", "record": "s-1", "start": "2024-01-01", "end": "2024-02-01"}
    body = {"records": [{**record, "quantity": "12500", "unit": "g"}]}
    assert (await operator.post(f"{factory}/activity-records", json=body)).status_code == 201
    async with service.context.database.worker() as session:
        data = await session.connection.fetchval(
            "SELECT data FROM event WHERE type = 'zerocarbon.activity.activity-recorded.v1'"
        )
    recorded = json.loads(data)
    assert (recorded["quantity"], recorded["unit"]) == ("12.5", "kg")


async def test_a_composition_that_does_not_sum_to_one_is_refused_with_its_place(
    operator: httpx.AsyncClient, factory: str
) -> None:
    attributes = {"composition": "Ar=0.8 CO2=0.19", "composition_by": "mass"}
    welding = {**SOURCE, "code": "mag", "kind": "shielding-gas", "substance": "m20", "unit": "kg"}
    answer = await operator.post(f"{factory}/sources", json={**welding, "attributes": attributes})
    assert answer.status_code == 422
    assert [(error["rule"], error["pointer"]) for error in answer.json()["errors"]] == [
        ("R57", "/attributes/composition")
    ]
