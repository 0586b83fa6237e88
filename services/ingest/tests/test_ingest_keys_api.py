"""API keys from outside: what issues one, where it stands, and when it ends."""

from __future__ import annotations

import re

from zerocarbon.common.ids import new_id
from zerocarbon.common.testing.service import RunningService

BASE = "/ingest/v1/organisations/0190a000-0000-7000-8000-000000000001"
API_KEYS = "/ingest/v1/organisations/{organisation_id}/api-keys"


async def test_a_revoked_key_is_no_longer_accepted(service: RunningService) -> None:
    form = {"roles": ["operator"], "expires_at": "2099-01-01T00:00:00Z"}
    issued = await service.http.post(f"{BASE}/api-keys", json=form)
    key_id = issued.json()["api_key_id"]
    assert issued.headers["Zerocarbon-Api-Key"] not in issued.text
    async with service.with_key(issued.headers["Zerocarbon-Api-Key"]) as client:
        assert (await client.get(f"{BASE}/factories")).status_code == 200
        assert (await service.http.delete(f"{BASE}/api-keys/{key_id}")).status_code == 200
        assert (await client.get(f"{BASE}/factories")).status_code == 401


async def test_the_published_example_of_a_key_works_and_the_answer_is_the_one_described(
    service: RunningService,
) -> None:
    published = service.app.openapi()
    operation = published["paths"][API_KEYS]["post"]
    issued = await service.http.post(
        f"{BASE}/api-keys", json=operation["requestBody"]["content"]["application/json"]["example"]
    )
    assert issued.status_code == 201, issued.text

    described = operation["responses"]["201"]
    assert "Zerocarbon-Api-Key" in operation["summary"] + operation["description"]
    assert "Zerocarbon-Api-Key" in described["description"]
    header = described["headers"]["Zerocarbon-Api-Key"]
    for key in (header["example"], issued.headers["Zerocarbon-Api-Key"]):
        assert re.fullmatch(header["schema"]["pattern"], key), key
    shape = published["components"]["schemas"][
        described["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    ]
    assert issued.json().keys() == shape["properties"].keys()
    async with service.with_key(issued.headers["Zerocarbon-Api-Key"]) as client:
        assert (await client.get(f"{BASE}/factories")).status_code == 200


async def test_a_key_that_has_expired_already_is_not_issued(service: RunningService) -> None:
    form = {"roles": ["operator"], "expires_at": "2025-03-31T01:00:00Z"}
    # By the clock of the machine, not by that of business, which stands in the June after.
    refused = await service.http.post(f"{BASE}/api-keys", json=form)
    assert refused.status_code == 422, refused.text
    (error,) = refused.json()["errors"]
    assert (error["rule"], error["pointer"]) == ("key-expiry", "/expires_at")
    assert "2025-03-31T01:00:00Z is past" in error["message"]
    assert "Zerocarbon-Api-Key" not in refused.headers


async def test_a_repeated_request_for_a_key_gets_its_answer_without_the_key(service: RunningService) -> None:
    form = {"roles": ["operator"], "expires_at": "2099-01-01T00:00:00Z"}
    headers = {"Idempotency-Key": "one-key"}
    first = await service.http.post(f"{BASE}/api-keys", json=form, headers=headers)
    again = await service.http.post(f"{BASE}/api-keys", json=form, headers=headers)
    assert (again.status_code, again.json()) == (201, first.json())
    assert "Zerocarbon-Api-Key" in first.headers
    assert "Zerocarbon-Api-Key" not in again.headers


async def test_nobody_gets_a_key_for_somebody_elses_principal(service: RunningService) -> None:
    form = {"roles": ["operator"], "expires_at": "2099-01-01T00:00:00Z"}
    refused = await service.http.post(f"{BASE}/api-keys", json={**form, "principal_id": new_id()})
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["rule"] == "own-principal"
    assert "Zerocarbon-Api-Key" not in refused.headers
    own = (await service.http.post(f"{BASE}/api-keys", json=form)).json()["principal_id"]
    second = await service.http.post(f"{BASE}/api-keys", json={**form, "principal_id": own})
    assert (second.status_code, second.json()["principal_id"]) == (201, own)
