"""Health, readiness and metrics tell the truth."""

from __future__ import annotations

import httpx

from zerocarbon.common.composition import ServiceDefinition
from zerocarbon.common.http.app import create_app
from zerocarbon.common.http.database_health import DatabaseHealth
from zerocarbon.common.http.metrics import XMIN_SECONDS, XMIN_TRANSACTIONS
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.service import running

DEFINITION = ServiceDefinition("ingest", "zerocarbon.ingest.migrations", ())
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


def figure(text: str, name: str) -> float:
    """The value of one sample of a metrics page."""
    return next(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name + " "))


async def test_a_service_with_its_database_is_ready(service_database: MakeDatabase) -> None:
    async with (
        running(DEFINITION, await service_database("ingest")) as service,
        service.with_key(None) as http,
    ):
        answer = await http.get("/readyz")
        assert (answer.status_code, answer.json()) == (200, {"status": "ready", "troubles": []})
        assert figure((await http.get("/metrics")).text, 'zerocarbon_database_up{service="ingest"}') == 1


async def test_a_lost_database_is_said_and_metrics_go_on() -> None:
    database = await Database.open(Urls(NOWHERE, NOWHERE, NOWHERE), name="lost")
    async with running(DEFINITION, database) as service, service.with_key(None) as http:
        answer = await http.get("/readyz")
        assert answer.status_code == 503
        assert answer.json()["status"] == "not ready"
        assert answer.json()["troubles"][0].startswith("the database of ingest does not answer: ")
        assert (await http.get("/livez")).status_code == 200
        assert figure((await http.get("/metrics")).text, 'zerocarbon_database_up{service="ingest"}') == 0
    await database.close()


async def test_what_goes_on_beside_requests_is_named_without_taking_the_service_away(
    service_database: MakeDatabase,
) -> None:
    async def waiting() -> str | None:
        return "not reading yet: c1"

    async def halted() -> str | None:
        return "halted: c1 at t/0: a gap"

    async with running(DEFINITION, await service_database("ingest")) as service:
        for ready, whole, expected in (
            ([], [halted], (200, "degraded", ["halted: c1 at t/0: a gap"])),
            ([waiting], [halted], (503, "not ready", ["not reading yet: c1"])),
        ):
            app = create_app([service.context], [], ready, 1024, whole)
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://service") as http:
                answer = await http.get("/readyz")
            told = answer.json()
            assert (answer.status_code, told["status"], told["troubles"]) == expected


async def test_requests_are_counted_by_route_and_not_by_address(service_database: MakeDatabase) -> None:
    async with running(DEFINITION, await service_database("ingest")) as service:
        for number in range(3):
            await service.http.get(f"/ingest/v1/nothing/{number}")
        text = (await service.http.get("/metrics")).text
    name = 'zerocarbon_http_requests_total{method="GET",route="unmatched",service="unmatched",status="404"}'
    assert figure(text, name) >= 3
    assert "nothing/1" not in text


async def test_xmin_age_grows_while_one_transaction_holds_others_back(service_database: MakeDatabase) -> None:
    database = await service_database("ingest")
    now = 0.0
    health = DatabaseHealth("xmin-trial", database, lambda: now)
    async with database.worker() as holding:
        await holding.connection.execute("SELECT pg_current_xact_id()")
        async with database.worker() as later:
            await later.connection.execute("SELECT pg_current_xact_id()")
        assert await health.trouble() is None
        now = 7.0
        assert await health.trouble() is None
        # Other tests write on the same server: theirs may have been the oldest at first.
        assert 0 <= XMIN_SECONDS.labels("xmin-trial")._value.get() <= 7
        assert XMIN_TRANSACTIONS.labels("xmin-trial")._value.get() >= 1
