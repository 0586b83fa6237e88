"""`ingest` over a real database, with an organisation, an operator, and a factory with one meter."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest_asyncio

from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.service import RunningService, running
from zerocarbon.ingest.definition import definition

BASE = "/ingest/v1/organisations/0190a000-0000-7000-8000-000000000001"
FACTORY = {
    "code": "cell-plant",
    "name_en": "Cell plant",
    "name_zh": "电池片工厂",
    "time_zone": "Asia/Shanghai",
    "country": "CN",
    "grid_region": "CN-JS",
    "products": ["photovoltaic-cell"],
    "owned_from": "2020-01-01",
}
GRID = {
    "code": "grid",
    "name_en": "Grid electricity",
    "name_zh": "外购电力",
    "kind": "electricity-import",
    "substance": "electricity",
    "unit": "kWh",
}


@pytest_asyncio.fixture
async def service(service_database: MakeDatabase) -> AsyncIterator[RunningService]:
    async with running(definition, await service_database("ingest")) as service:
        await service.set_business_clock(datetime(2025, 6, 1, tzinfo=UTC))
        names = {"code": "maker", "name_en": "Maker", "name_zh": "制造商"}
        assert (await service.http.put(BASE, json=names)).status_code == 201
        yield service


@pytest_asyncio.fixture
async def operator(service: RunningService) -> AsyncIterator[httpx.AsyncClient]:
    form = {"roles": ["operator"], "expires_at": "2099-01-01T00:00:00Z"}
    issued = await service.http.post(f"{BASE}/api-keys", json=form)
    async with service.with_key(issued.headers["Zerocarbon-Api-Key"]) as client:
        yield client


@pytest_asyncio.fixture
async def factory(operator: httpx.AsyncClient) -> str:
    factory = (await operator.post(f"{BASE}/factories", json=FACTORY)).json()
    url = f"{BASE}/factories/{factory['factory_id']}"
    source = (await operator.post(f"{url}/sources", json=GRID)).json()
    meter = {"code": "m1", "source_id": source["source_id"], "unit": "kWh", "interval_seconds": 900}
    assert (await operator.post(f"{url}/meters", json=meter)).status_code == 201
    return url
