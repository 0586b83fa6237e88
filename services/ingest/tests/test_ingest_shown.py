"""What the OpenAPI document says of requests and answers is what is sent and answered."""

from __future__ import annotations

from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker

from zerocarbon.common.testing.service import RunningService

ORGANISATION = "/ingest/v1/organisations/{organisation_id}"
PLANT = f"{ORGANISATION}/factories/{{factory_id}}"
BASE = "/ingest/v1/organisations/0190a000-0000-7000-8000-000000000001"


def assert_described(service: RunningService, path: str, answer: httpx.Response) -> None:
    """The answer is of the published shape, and of one that names its fields."""
    document = service.app.openapi()
    operation = document["paths"][path][answer.request.method.lower()]
    media = operation["responses"][str(answer.status_code)]["content"]["application/json"]
    shape = document["components"]["schemas"][media["schema"]["$ref"].rpartition("/")[2]]
    assert answer.json().keys() <= shape["properties"].keys()
    whole = {**media["schema"], "components": document["components"]}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(answer.json())


async def test_registers_are_as_described(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    form: dict[str, Any] = {
        "code": "module-plant",
        "name_en": "Module plant",
        "name_zh": "组件工厂",
        "time_zone": "Asia/Shanghai",
        "country": "CN",
        "grid_region": "CN-JS",
        "products": ["photovoltaic-module"],
        "owned_from": "2020-01-01",
    }
    assert_described(
        service, f"{ORGANISATION}/factories", await operator.post(f"{BASE}/factories", json=form)
    )
    first = await operator.get(f"{BASE}/factories", params={"limit": 1})
    assert first.json()["next"] == "cell-plant"
    assert_described(service, f"{ORGANISATION}/factories", first)
    source = {"code": "roof", "name_en": "Roof", "name_zh": "屋顶", "kind": "electricity-import"}
    posted = await operator.post(
        f"{factory}/sources", json={**source, "substance": "electricity", "unit": "kWh"}
    )
    assert_described(service, f"{PLANT}/sources", posted)
    meter = {"code": "m2", "source_id": posted.json()["source_id"], "unit": "kWh", "interval_seconds": 900}
    assert_described(service, f"{PLANT}/meters", await operator.post(f"{factory}/meters", json=meter))
    for noun in ("sources", "meters"):
        listed = await operator.get(f"{factory}/{noun}")
        assert len(listed.json()["items"]) == 2
        assert_described(service, f"{PLANT}/{noun}", listed)


async def test_the_published_example_of_an_upload_works_as_it_is(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    operation = service.app.openapi()["paths"][f"{PLANT}/uploads"]["post"]
    example = operation["requestBody"]["content"]["multipart/form-data"]["example"]
    source = (await operator.get(f"{factory}/sources")).json()["items"][0]["source_id"]
    meter = {"code": "grid-import", "source_id": source, "unit": "kWh", "interval_seconds": 900}
    await operator.post(f"{factory}/meters", json=meter)
    files = {"file": ("grid-import.csv", example["file"].encode(), "text/csv")}
    answer = await operator.post(f"{factory}/uploads", files=files, data={"mapping": example["mapping"]})
    assert (answer.status_code, answer.json()["sum"]) == (201, "821.375"), answer.text
    assert_described(service, f"{PLANT}/uploads", answer)
    meters = (await operator.get(f"{factory}/meters")).json()["items"]
    (meter_id,) = [one["meter_id"] for one in meters if one["code"] == "grid-import"]
    readings = await operator.get(f"{factory}/meters/{meter_id}/readings")
    assert len(readings.json()["items"]) == 2
    assert_described(service, f"{PLANT}/meters/{{meter_id}}/readings", readings)


async def test_rows_that_were_refused_are_as_described(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    mapping = (
        '{"meter": "m1", "time_column": "t", "value_column": "v", "time_format": "%Y-%m-%d %H:%M",'
        ' "unit": "kWh", "stamp": "start"}'
    )
    files = {"file": ("m1.csv", b"t,v\n2025-01-01 00:00,1\n2025-01-01 00:15,x\n", "text/csv")}
    answer = await operator.post(f"{factory}/uploads?partial=true", files=files, data={"mapping": mapping})
    assert [row["row"] for row in answer.json()["refused"]] == [2]
    assert_described(service, f"{PLANT}/uploads", answer)
