"""What the OpenAPI document says of answers is what is answered, before a close and after it."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from zerocarbon.accounting.testing.office import FACTORY, Office

PLANT = "/accounting/v1/organisations/{organisation_id}/factories/{factory_id}"
SUMS = {"source": "grid", "level": "day", "from": "2024-01-01", "to": "2024-02-01"}


async def shown(office: Office, path: str, address: str, **params: str) -> dict[str, Any]:
    """An answer, after a look that it is of the published shape and has no field beside it."""
    answer = await office.preparer.get(f"{FACTORY}{address}", params=params)
    assert answer.status_code == 200, answer.text
    document = office.stage.service.app.openapi()
    media = document["paths"][f"{PLANT}{path}"]["get"]["responses"]["200"]["content"]["application/json"]
    shape = document["components"]["schemas"][media["schema"]["$ref"].rpartition("/")[2]]
    body: dict[str, Any] = answer.json()
    assert body.keys() <= shape["properties"].keys()
    whole = {**media["schema"], "components": document["components"]}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(body)
    return body


async def test_inventories_and_sums_are_as_described(office: Office) -> None:
    await office.factors()
    inventory = await office.opened()
    one, preview = f"/inventories/{inventory}", "/inventories/{inventory_id}/preview"
    assert (await shown(office, "/sums", "/sums", **SUMS))["items"]
    assert (await shown(office, "/inventories/{inventory_id}", one))["state"] == "open"
    assert (await shown(office, preview, f"{one}/preview"))["lines"]
    await office.close(inventory)
    assert (await shown(office, "/inventories/{inventory_id}", one))["closed"]["lines"]
    assert (await shown(office, "/inventories", "/inventories"))["items"][0]["totals"]
    assert (await shown(office, preview, f"{one}/preview"))["complete"]
