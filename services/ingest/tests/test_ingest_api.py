"""`ingest` from outside: registers, readings, files, refusals."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from zerocarbon.common.ids import new_id
from zerocarbon.common.testing.service import RunningService

ORGANISATION = "0190a000-0000-7000-8000-000000000001"
BASE = f"/ingest/v1/organisations/{ORGANISATION}"

GRID = {
    "code": "grid",
    "name_en": "Grid electricity",
    "name_zh": "外购电力",
    "kind": "electricity-import",
    "substance": "electricity",
    "unit": "kWh",
}
MAPPING: dict[str, Any] = {
    "meter": "m1",
    "time_column": "date",
    "value_column": "kwh",
    "time_format": "%d/%m/%Y %H:%M",
    "unit": "kWh",
    "stamp": "end",
    "midnight": "end-of-day",
    "encoding": "utf-8-sig",
}


def one_series(*readings: tuple[str, str], unit: str = "kWh", meter: str = "m1") -> dict[str, Any]:
    rows = [{"start": start, "value": value} for start, value in readings]
    return {"series": [{"meter": meter, "unit": unit, "readings": rows}]}


async def events_of(service: RunningService, event_type: str) -> list[dict[str, Any]]:
    async with service.context.database.worker() as session:
        rows = await session.connection.fetch(
            "SELECT data FROM event WHERE type = $1 ORDER BY position", event_type
        )
    return [json.loads(row["data"]) for row in rows]


async def upload(
    operator: httpx.AsyncClient, factory: str, text: bytes, partial: bool = False, **changes: Any
) -> httpx.Response:
    return await operator.post(
        f"{factory}/uploads",
        params={"partial": partial},
        files={"file": ("meter.csv", text, "text/csv")},
        data={"mapping": json.dumps({**MAPPING, **changes})},
    )


async def test_readings_become_one_event_of_consecutive_intervals(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    body = one_series(
        ("2024-01-01T00:15:00Z", "2.50"), ("2024-01-01T00:00:00Z", "1"), ("2024-01-01T01:00:00Z", "4")
    )
    answer = await operator.post(f"{factory}/readings", json=body)
    assert answer.status_code == 201, answer.text
    recorded = await events_of(service, "zerocarbon.activity.readings-recorded.v1")
    assert [(one["start"], one["values"]) for one in recorded] == [
        ("2024-01-01T00:00:00Z", ["1", "2.5"]),
        ("2024-01-01T01:00:00Z", ["4"]),
    ]


async def test_every_bad_reading_is_named_and_nothing_is_applied(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    await operator.post(f"{factory}/readings", json=one_series(("2024-01-01T00:00:00Z", "1")))
    body = one_series(
        ("2024-01-01T00:00:00Z", "1"),
        ("2024-01-01T00:15:00Z", "-1"),
        ("2024-01-01T00:20:00Z", "1"),
        ("2030-01-01T00:00:00Z", "1"),
        ("2024-01-01T00:30:00Z", "1"),
        ("2024-01-01T00:30:00Z", "2"),
    )
    answer = await operator.post(f"{factory}/readings", json=body)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [(error["rule"], error["pointer"]) for error in answer.json()["errors"]] == [
        ("duplicate-interval", "/series/0/readings/0"),
        ("negative-quantity", "/series/0/readings/1"),
        ("interval-overlap", "/series/0/readings/2"),
        ("future-reading", "/series/0/readings/3"),
        ("duplicate-interval", "/series/0/readings/5"),
    ]
    assert len(await events_of(service, "zerocarbon.activity.readings-recorded.v1")) == 1


async def test_a_stored_value_is_never_overwritten(operator: httpx.AsyncClient, factory: str) -> None:
    await operator.post(f"{factory}/readings", json=one_series(("2024-01-01T00:00:00Z", "1")))
    answer = await operator.post(f"{factory}/readings", json=one_series(("2024-01-01T00:00:00Z", "2")))
    assert [error["rule"] for error in answer.json()["errors"]] == ["interval-conflict"]


@pytest.mark.requirement("R120")
async def test_a_correction_keeps_the_raw_value_readable(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    await operator.post(f"{factory}/readings", json=one_series(("2024-01-01T00:00:00Z", "1")))
    meter = (await operator.get(f"{factory}/meters")).json()["items"][0]["meter_id"]
    correction = {
        "meter": "m1",
        "reason": "wrong multiplier",
        "readings": [{"start": "2024-01-01T00:00:00Z", "value": "40"}],
    }
    assert (await operator.post(f"{factory}/readings/corrections", json=correction)).status_code == 201
    page = (await operator.get(f"{factory}/meters/{meter}/readings")).json()
    assert [(item["revision"], item["value"]) for item in page["items"]] == [(1, "1"), (2, "40")]
    corrected = await events_of(service, "zerocarbon.activity.readings-corrected.v1")
    assert (corrected[0]["previous"], corrected[0]["values"]) == (["1"], ["40"])
    # The database itself refuses to forget what was read.
    async with service.context.database.request(ORGANISATION) as session:
        with pytest.raises(Exception, match="permission denied"):
            await session.connection.execute("DELETE FROM reading")


async def test_pages_of_readings_lose_no_revision(operator: httpx.AsyncClient, factory: str) -> None:
    await operator.post(
        f"{factory}/readings", json=one_series(("2024-01-01T00:00:00Z", "1"), ("2024-01-01T00:15:00Z", "2"))
    )
    correction = {
        "meter": "m1",
        "reason": "wrong multiplier",
        "readings": [{"start": "2024-01-01T00:00:00Z", "value": "40"}],
    }
    await operator.post(f"{factory}/readings/corrections", json=correction)
    meter = (await operator.get(f"{factory}/meters")).json()["items"][0]["meter_id"]
    seen, cursor = [], None
    for _ in range(4):
        params = {"limit": 1, **({"after": cursor} if cursor else {})}
        page = (await operator.get(f"{factory}/meters/{meter}/readings", params=params)).json()
        seen += [(item["revision"], item["value"]) for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == [(1, "1"), (2, "40"), (1, "2")]


async def test_a_grant_for_one_factory_opens_no_meter_of_another(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    form = {
        "code": "other",
        "name_en": "Other plant",
        "name_zh": "另一工厂",
        "time_zone": "Asia/Shanghai",
        "country": "CN",
        "grid_region": "CN-AH",
        "products": ["photovoltaic-module"],
        "owned_from": "2020-01-01",
    }
    other = (await operator.post(f"{BASE}/factories", json=form)).json()
    meter = (await operator.get(f"{factory}/meters")).json()["items"][0]["meter_id"]
    through_other = f"{BASE}/factories/{other['factory_id']}/meters/{meter}/readings"
    assert (await operator.get(f"{factory}/meters/{meter}/readings")).status_code == 200
    assert (await operator.get(through_other)).status_code == 404


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (one_series(("2024-01-01T00:00:00Z", "1"), meter="nobody"), "unknown-meter"),
        (one_series(("2024-01-01T00:00:00Z", "1"), unit="kg"), "unit-dimension"),
        (one_series(("2024-01-01T00:00:00Z", "NaN")), "number"),
        (one_series(("2024-01-01T00:00:00", "1")), "time"),
    ],
)
async def test_what_cannot_be_meant_is_refused(
    operator: httpx.AsyncClient, factory: str, body: dict[str, Any], rule: str
) -> None:
    answer = await operator.post(f"{factory}/readings", json=body)
    assert answer.status_code == 422
    assert [error["rule"] for error in answer.json()["errors"]] == [rule]


async def test_a_file_is_read_as_its_mapping_declares(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    text = b"\xef\xbb\xbfdate,kwh\r\n1/1/2024 23:45,1.25\r\n1/1/2024 0:00,2\r\n2/1/2024 0:15,3.5\r\n"
    answer = await upload(operator, factory, text)
    assert answer.status_code == 201, answer.text
    assert answer.json()["accepted"] == 3
    assert answer.json()["sum"] == "6.75"
    recorded = await events_of(service, "zerocarbon.activity.readings-recorded.v1")
    # 0:00 of the first is 24:00 of the first: the interval from 23:45 in Shanghai, 15:45 UTC.
    assert (recorded[0]["start"], recorded[0]["values"]) == ("2024-01-01T15:30:00Z", ["1.25", "2", "3.5"])


BAD_FILE = (
    b"date,kwh\n1/1/2024 0:15,1\n2024-01-01,1\n1/1/2024 0:30,1e3\n1/1/2024 0:45\n1/1/2024 0:15,1\n"
    b"1/1/2024 1:00,5\n"
)


async def test_every_bad_row_of_a_file_is_named_and_nothing_of_it_enters(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    answer = await upload(operator, factory, BAD_FILE)
    assert answer.status_code == 422
    assert [(error["row"], error["rule"]) for error in answer.json()["errors"]] == [
        (2, "time"),
        (3, "number"),
        (4, "column-count"),
        (5, "duplicate-interval"),
    ]
    assert await events_of(service, "zerocarbon.activity.readings-recorded.v1") == []


async def test_a_partial_import_returns_what_it_refused(operator: httpx.AsyncClient, factory: str) -> None:
    answer = await upload(operator, factory, BAD_FILE, partial=True)
    assert answer.status_code == 201
    assert answer.json()["accepted"] == 2
    assert [refused["row"] for refused in answer.json()["refused"]] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"encoding": "utf-8"}, "encoding"),
        ({"value_column": "energy"}, "column"),
        ({"stamp": "middle"}, "literal_error"),
        ({"colour": "red"}, "extra_forbidden"),
    ],
)
async def test_a_file_that_is_not_as_declared_is_refused(
    operator: httpx.AsyncClient, factory: str, changes: dict[str, Any], rule: str
) -> None:
    answer = await upload(operator, factory, b"\xef\xbb\xbfdate,kwh\n1/1/2024 0:15,1\n", **changes)
    assert answer.status_code == 422
    assert [error["rule"] for error in answer.json()["errors"]] == [rule]


async def test_records_are_converted_exactly_into_the_unit_of_their_source(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    diesel = {**GRID, "code": "diesel", "kind": "mobile-fuel", "substance": "diesel", "unit": "t"}
    await operator.post(f"{factory}/sources", json=diesel)
    record = {"source": "diesel", "record": "d-1", "start": "2024-01-01", "end": "2024-02-01"}
    body = {"records": [{**record, "quantity": "1250.5", "unit": "kg"}]}
    assert (await operator.post(f"{factory}/activity-records", json=body)).status_code == 201
    recorded = (await events_of(service, "zerocarbon.activity.activity-recorded.v1"))[0]
    assert (recorded["quantity"], recorded["unit"]) == ("1.2505", "t")
    assert (recorded["start"], recorded["end"]) == ("2023-12-31T16:00:00Z", "2024-01-31T16:00:00Z")
    again = await operator.post(f"{factory}/activity-records", json=body)
    assert [error["rule"] for error in again.json()["errors"]] == ["duplicate-record"]


async def test_generation_has_to_state_who_owns_the_roof(operator: httpx.AsyncClient, factory: str) -> None:
    roof = {**GRID, "code": "roof", "kind": "electricity-generation"}
    answer = await operator.post(f"{factory}/sources", json=roof)
    assert [error["pointer"] for error in answer.json()["errors"]] == [
        "/attributes/roof_owner",
        "/attributes/attributes_sold",
    ]


async def test_a_retry_with_its_key_has_no_second_effect(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    headers = {"Idempotency-Key": "upload-1"}
    body = one_series(("2024-01-01T00:00:00Z", "1"))
    first = await operator.post(f"{factory}/readings", json=body, headers=headers)
    second = await operator.post(f"{factory}/readings", json=body, headers=headers)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    other = one_series(("2024-01-01T00:15:00Z", "1"))
    reused = await operator.post(f"{factory}/readings", json=other, headers=headers)
    assert (reused.status_code, reused.json()["rule"]) == (409, "idempotency-key")
    assert len(await events_of(service, "zerocarbon.activity.readings-recorded.v1")) == 1


async def test_a_dry_run_leaves_no_trace(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    body = one_series(("2024-01-01T00:00:00Z", "1"))
    headers = {"Idempotency-Key": "try"}
    tried = await operator.post(f"{factory}/readings", json=body, params={"dry_run": True}, headers=headers)
    assert (tried.status_code, tried.json()["dry_run"]) == (200, True)
    assert await events_of(service, "zerocarbon.activity.readings-recorded.v1") == []
    done = await operator.post(f"{factory}/readings", json=body, headers=headers)
    assert done.status_code == 201


async def test_nobody_acts_without_a_key_or_in_another_organisation(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    async with service.with_key(None) as nobody:
        assert (await nobody.get(f"{BASE}/factories")).status_code == 401
    async with service.with_key("zc_made-up") as stranger:
        assert (await stranger.get(f"{BASE}/factories")).status_code == 401
    other = factory.replace(ORGANISATION, new_id())
    assert (await operator.get(f"{other}/meters")).status_code == 403
    assert (await operator.post(f"{BASE}/api-keys", json={})).status_code == 403


async def test_a_body_over_the_limit_is_refused_before_it_is_read(service: RunningService) -> None:
    answer = await service.http.put(BASE, content=b"x" * (9 * 1024 * 1024))
    assert answer.status_code == 413


async def test_a_name_left_out_is_asked_for_with_what_it_is_for(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    for answer in (
        await service.http.put(f"{BASE[:-1]}2", json={"code": "Maker", "name_en": ""}),
        await operator.post(f"{BASE}/factories", json={"code": "Plant", "name_en": ""}),
        await operator.post(f"{factory}/sources", json={**GRID, "code": "Grid", "name_en": "", "name_zh": 1}),
    ):
        assert answer.status_code == 422
        errors = {error["pointer"]: error for error in answer.json()["errors"]}
        for name in ("/name_en", "/name_zh"):
            assert "documents are issued in Chinese and English" in errors[name]["message"]
        assert errors["/code"]["rule"] == "string_pattern_mismatch"
        assert "documents" not in errors["/code"]["message"]


async def test_what_a_route_and_its_dependency_both_check_is_named_once(service: RunningService) -> None:
    named = {"code": "maker", "name_en": "Maker", "name_zh": "制造商"}
    answer = await service.http.put("/ingest/v1/organisations/maker", json={**named, "code": "M"})
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/organisation_id", "/code"]
    assert answer.json()["detail"] == "2 fields are invalid"
    answer = await service.http.put("/ingest/v1/organisations/maker", json=named)
    assert answer.json()["detail"] == "1 field is invalid"
