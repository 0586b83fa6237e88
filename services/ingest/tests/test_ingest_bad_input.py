"""Bad input from outside: all of it named at once, nothing applied, or the rest with `partial`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from zerocarbon.common.testing.service import RunningService
from zerocarbon.ingest.store.readings import Span, spans

MAPPING = {
    "meter": "m1",
    "time_column": "date",
    "value_column": "kwh",
    "time_format": "%Y-%m-%d %H:%M",
    "unit": "kWh",
    "stamp": "start",
}
FILE = "date,kwh\n2024-01-01 00:00,1\n2024-01-01 00:15,2\n2024-01-01 00:30,x\n2024-01-01 00:45,4\n"


def series(*readings: tuple[str, object], **changes: str) -> dict[str, Any]:
    rows = [{"start": start, "value": value} for start, value in readings]
    return {"meter": "m1", "unit": "kWh", "readings": rows, **changes}


def errors(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(error["rule"], error.get("pointer", "")) for error in answer.json()["errors"]]


async def stored(service: RunningService) -> tuple[int, int]:
    async with service.context.database.worker() as session:
        readings = await session.connection.fetchval("SELECT count(*) FROM reading")
        recorded = "SELECT count(*) FROM event WHERE topic = 'zerocarbon.activity.v1'"
        return readings, await session.connection.fetchval(recorded)


async def upload(operator: httpx.AsyncClient, factory: str, **changes: Any) -> httpx.Response:
    mapping = json.dumps({**MAPPING, **changes})
    files = {"file": ("meter.csv", FILE.encode(), "text/csv")}
    return await operator.post(f"{factory}/uploads", files=files, data={"mapping": mapping})


async def test_all_faults_of_a_request_are_named_at_once(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    first, second = "2024-01-01T00:00:00Z", "2024-01-01T00:15:00Z"
    body = {
        "series": [
            series((first, "NaN"), (second, "-1"), ("2024-01-01T00:20:00Z", "1")),
            series((first, "1"), meter="nobody", unit="furlong"),
            series((first, "1"), unit="kg"),
        ]
    }
    assert errors(await operator.post(f"{factory}/readings", json=body)) == [
        ("number", "/series/0/readings/0/value"),
        ("negative-quantity", "/series/0/readings/1"),
        ("interval-overlap", "/series/0/readings/2"),
        ("unknown-meter", "/series/1/meter"),
        ("unit-dimension", "/series/1/unit"),
        ("unit-dimension", "/series/2/unit"),
    ]
    assert await stored(service) == (0, 0)


async def test_not_a_number_as_json_literal_is_named_like_any_other(
    operator: httpx.AsyncClient, factory: str
) -> None:
    body = json.dumps({"series": [series(("2024-01-01T00:00:00Z", float("nan")))]})
    answer = await operator.post(
        f"{factory}/readings", content=body, headers={"Content-Type": "application/json"}
    )
    assert errors(answer) == [("number", "/series/0/readings/0/value")]


async def test_a_partial_import_of_readings_tells_both_halves(
    service: RunningService, operator: httpx.AsyncClient, factory: str
) -> None:
    body = {
        "series": [
            series(
                ("2024-01-01T00:00:00Z", "1"),
                ("2024-01-01T00:15:00Z", "2"),
                ("2024-01-01T00:30:00Z", "-3"),
                ("2024-01-01T00:45:00Z", "4"),
            ),
            series(("2024-01-01T01:00:00Z", "5"), meter="nobody"),
        ]
    }
    answer = await operator.post(f"{factory}/readings", json=body, params={"partial": True})
    assert answer.status_code == 201, answer.text
    assert answer.json()["accepted"] == [
        {"meter": "m1", "start": "2024-01-01T00:00:00Z", "end": "2024-01-01T00:30:00Z", "readings": 2},
        {"meter": "m1", "start": "2024-01-01T00:45:00Z", "end": "2024-01-01T01:00:00Z", "readings": 1},
    ]
    refused = [(one["rule"], one["pointer"]) for one in answer.json()["refused"]]
    assert refused == [
        ("negative-quantity", "/series/0/readings/2"),
        ("unknown-meter", "/series/1/meter"),
    ]
    assert await stored(service) == (3, 2)
    again = await operator.post(f"{factory}/readings", json=body, params={"partial": True})
    assert len(errors(again)) == 5


async def test_a_partial_import_of_records_tells_both_halves(
    operator: httpx.AsyncClient, factory: str
) -> None:
    record = {"source": "grid", "start": "2024-01-01", "end": "2024-02-01", "unit": "kWh"}
    body = {
        "records": [
            {**record, "record": "r-1", "quantity": "Infinity"},
            {**record, "record": "r-2", "quantity": "2"},
        ]
    }
    assert errors(await operator.post(f"{factory}/activity-records", json=body)) == [
        ("number", "/records/0/quantity")
    ]
    answer = await operator.post(f"{factory}/activity-records", json=body, params={"partial": True})
    assert answer.status_code == 201, answer.text
    assert answer.json()["accepted"] == [{"source": "grid", "record": "r-2"}]
    assert [one["pointer"] for one in answer.json()["refused"]] == ["/records/0/quantity"]


async def test_a_partial_import_of_a_file_tells_its_rows(operator: httpx.AsyncClient, factory: str) -> None:
    answer = await operator.post(
        f"{factory}/uploads",
        params={"partial": True},
        files={"file": ("meter.csv", FILE.encode(), "text/csv")},
        data={"mapping": json.dumps(MAPPING)},
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["accepted_rows"] == "1-2,4"
    assert [(one["row"], one["rule"]) for one in answer.json()["refused"]] == [(3, "number")]


async def test_a_file_for_an_unknown_meter_or_in_another_unit_is_refused(
    operator: httpx.AsyncClient, factory: str
) -> None:
    assert errors(await upload(operator, factory, meter="nobody", unit="furlong")) == [
        ("unknown-meter", "/mapping/meter"),
        ("unit-dimension", "/mapping/unit"),
    ]
    assert errors(await upload(operator, factory, unit="kg")) == [("unit-dimension", "/mapping/unit")]
    assert [rule for rule, _ in errors(await upload(operator, factory, delimiter='"'))] == [
        "string_pattern_mismatch"
    ]


BOUNDARY = "cut-here"
MULTIPART = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="mapping"\r\n\r\n{json.dumps(MAPPING)}\r\n'
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="m.csv"\r\n\r\n'
    f"date,kwh\n2024-01-01 00:00,1\n2024-01-01 00:15,2\n\r\n--{BOUNDARY}--\r\n"
).encode()


async def chunks(body: bytes) -> AsyncIterator[bytes]:
    for place in range(0, len(body), 64):
        yield body[place : place + 64]


@pytest.mark.parametrize("missing", [2, 5, 12, 30, 60, 200, len(MULTIPART) - 10])
@pytest.mark.parametrize("declared", [True, False])
async def test_an_upload_that_is_cut_off_leaves_nothing_behind(
    service: RunningService,
    operator: httpx.AsyncClient,
    factory: str,
    monkeypatch: pytest.MonkeyPatch,
    missing: int,
    declared: bool,
) -> None:
    opened: list[Any] = []
    make = tempfile.SpooledTemporaryFile

    def watched(*args: Any, **kwargs: Any) -> Any:
        opened.append(make(*args, **kwargs))
        return opened[-1]

    monkeypatch.setattr("starlette.formparsers.SpooledTemporaryFile", watched)
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    if declared:
        headers["Content-Length"] = str(len(MULTIPART))
    whole = missing == 2 and not declared  # Only the line's end behind the closing delimiter is missing.
    answer = await operator.post(f"{factory}/uploads", content=chunks(MULTIPART[:-missing]), headers=headers)
    assert all(file.closed for file in opened)
    if whole:
        assert answer.status_code == 201, answer.text
        assert len(opened) == 1
        return
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "cut off" in answer.json()["detail"]
    assert await stored(service) == (0, 0)


async def test_far_apart_readings_are_found_as_duplicates(operator: httpx.AsyncClient, factory: str) -> None:
    body = {"series": [series(("2014-01-01T00:00:00Z", "1"), ("2024-01-01T00:00:00Z", "1"))]}
    assert (await operator.post(f"{factory}/readings", json=body)).status_code == 201
    assert [rule for rule, _ in errors(await operator.post(f"{factory}/readings", json=body))] == [
        "duplicate-interval"
    ] * 2


def test_the_search_for_duplicates_reads_no_years_between_two_readings() -> None:
    early, late = datetime(2014, 1, 1, tzinfo=UTC), datetime(2024, 1, 1, tzinfo=UTC)
    quarter = timedelta(minutes=15)
    assert spans({"a": [late, early, late + quarter, early], "b": [late], "c": []}) == [
        Span("a", early, early),
        Span("a", late, late + quarter),
        Span("b", late, late),
    ]
