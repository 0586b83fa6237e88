"""The business clock goes forward only, and stands in the database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from zerocarbon.common.clock import FixedClock
from zerocarbon.common.composition import ServiceDefinition
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.service import running
from zerocarbon.common.testing.trial import Fact, record

DEFINITION = ServiceDefinition("ingest", "zerocarbon.ingest.migrations", ())
URL = "/ingest/v1/business-clock"
RECORDED = datetime(2025, 6, 30, tzinfo=UTC)


async def test_it_never_goes_behind_a_recorded_fact(service_database: MakeDatabase) -> None:
    database = await service_database("ingest")
    await record(database, [Fact("s", 1)], RECORDED)
    async with running(DEFINITION, database) as service:

        async def put(instant: str) -> httpx.Response:
            return await service.http.put(URL, json={"instant": instant})

        back = await put("2025-06-29T23:59:59Z")
        assert back.status_code == 422
        assert back.json()["errors"][0]["rule"] == "business-clock"
        assert (await put("2025-06-30T08:00:00+08:00")).json() == {"instant": "2025-06-30T00:00:00Z"}
        assert (await put("2025-07-01T00:00:00Z")).status_code == 200
        async with database.worker() as session:
            now = await service.context.business_clock.now(session.connection)
        assert now == RECORDED + timedelta(days=1)


async def test_only_the_installations_administrator_sets_it(service_database: MakeDatabase) -> None:
    async with running(DEFINITION, await service_database("ingest")) as service:
        for key, status in ((None, 401), ("zc_unknown", 401)):
            async with service.with_key(key) as http:
                answer = await http.put(URL, json={"instant": "2025-06-30T00:00:00Z"})
            assert answer.status_code == status
        assert (await service.http.put(URL, json={"instant": "2025-06-30T00:00:00"})).status_code == 422


def test_a_clock_needs_an_offset() -> None:
    clock = FixedClock(RECORDED)
    naive = RECORDED.replace(tzinfo=None)
    with pytest.raises(ValueError, match="offset"):
        clock.set(naive)
    with pytest.raises(ValueError, match="offset"):
        FixedClock(naive)
