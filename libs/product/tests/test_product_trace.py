"""The trace of an upload is in the events that it became."""

from __future__ import annotations

import json

from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.service import running
from zerocarbon.product.catalogue import SERVICES

ORGANISATION = "0190a000-0000-7000-8000-000000000001"
BASE = f"/ingest/v1/organisations/{ORGANISATION}"
TRACE = "0af7651916cd43dd8448eb211c80319c"
FACTORY = {
    "code": "plant",
    "name_en": "Plant",
    "name_zh": "工厂",
    "time_zone": "Asia/Shanghai",
    "country": "CN",
    "grid_region": "CN-JS",
    "products": ["cell"],
    "owned_from": "2020-01-01",
}
SOURCE = {
    "code": "grid",
    "name_en": "Grid",
    "name_zh": "电网",
    "kind": "electricity-import",
    "substance": "electricity",
    "unit": "kWh",
}
MAPPING = {
    "meter": "m1",
    "time_column": "t",
    "value_column": "v",
    "time_format": "%Y-%m-%d %H:%M",
    "unit": "kWh",
    "stamp": "start",
}


async def test_the_traceparent_of_an_upload_ends_in_the_event(service_database: MakeDatabase) -> None:
    async with running(SERVICES["ingest"], await service_database("ingest")) as service:
        names = {"code": "maker", "name_en": "Maker", "name_zh": "制造商"}
        assert (await service.http.put(BASE, json=names)).status_code == 201
        factory = (await service.http.post(f"{BASE}/factories", json=FACTORY)).json()["factory_id"]
        url = f"{BASE}/factories/{factory}"
        source = (await service.http.post(f"{url}/sources", json=SOURCE)).json()["source_id"]
        meter = {"code": "m1", "source_id": source, "unit": "kWh", "interval_seconds": 900}
        assert (await service.http.post(f"{url}/meters", json=meter)).status_code == 201
        answer = await service.http.post(
            f"{url}/uploads",
            files={"file": ("m1.csv", b"t,v\n2024-01-01 00:00,1.5\n", "text/csv")},
            data={"mapping": json.dumps(MAPPING)},
            headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"},
        )
        assert answer.status_code == 201, answer.text
        async with service.context.database.worker() as session:
            rows = await session.connection.fetch("SELECT type, traceparent FROM event ORDER BY position")
    traced = {row["type"]: row["traceparent"] for row in rows}
    uploaded = traced.pop("zerocarbon.activity.readings-recorded.v1")
    assert uploaded.split("-")[:2] == ["00", TRACE]
    assert len(traced) == 4
    assert not any(TRACE in (other or "") for other in traced.values()), "the trace outlived its request"
