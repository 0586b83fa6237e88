"""Parked records over HTTP, their gauge, and the time to live of their bytes."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest_asyncio
from prometheus_client import REGISTRY

from zerocarbon.common.bus.record import Record
from zerocarbon.common.clock import FixedClock
from zerocarbon.common.composition import ConsumerSpec, ServiceDefinition
from zerocarbon.common.consumer.parked import Parked
from zerocarbon.common.consumer.parked_care import KEEP_BYTES, ParkedCare
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.service import RunningService, running
from zerocarbon.common.testing.trial import Fact, SumFold, alert, sums
from zerocarbon.contracts.alert import ALERT, AlertRaised

MIGRATIONS = Path(__file__).parent / "bus_migrations"
CONSUMER = "trial.sums"
PARKED = "/trial/v1/parked"
definition = ServiceDefinition(
    name="trial",
    migrations="",
    routers=(),
    consumers=lambda _context, _bus: (ConsumerSpec(CONSUMER, (ALERT,), SumFold()),),
)


def place(offset: int) -> str:
    return f"{PARKED}/{CONSUMER}/{ALERT}/0/{offset}"


@pytest_asyncio.fixture
async def database(service_database: MakeDatabase) -> Database:
    return await service_database("trial", MIGRATIONS)


@pytest_asyncio.fixture
async def service(database: Database) -> AsyncIterator[RunningService]:
    """Three are parked: one that is fit by now, one that is not, and bytes of a stranger."""
    attributes = {"id": "e0", "type": AlertRaised.TYPE}
    unfit = alert(Fact("a", 5)).data().replace(b'"5"', b'"five"')
    records = [
        (Record(ALERT, 0, 0, "a", attributes, alert(Fact("a", 5)).data()), "future version"),
        (Record(ALERT, 0, 1, "a", attributes, unfit), "no number"),
        (Record(ALERT, 0, 2, "k\udcff", {"x\udcff": "y\udcff"}, b"\x00\xff"), "unknown type"),
    ]
    async with database.worker() as session:
        await Parked(CONSUMER).add(session.connection, records)
    async with running(definition, database) as found:
        yield found


async def test_parked_records_are_listed_page_by_page(service: RunningService) -> None:
    offsets, after = [], None
    for _page in range(3):
        params = {"limit": 1} | ({"after": after} if after else {})
        answer = (await service.http.get(PARKED, params=params)).json()
        (one,) = answer["parked"]
        offsets.append((one["offset"], one["reason"]))
        assert "value_base64" not in one
        assert one["bytes_kept"] is True
        after = answer["next"]
    assert offsets == [(0, "future version"), (1, "no number"), (2, "unknown type")]
    assert after is None
    broken = await service.http.get(PARKED, params={"after": "x"})
    assert broken.status_code == 422


class Member:
    """Implements `Authenticator`: knows everybody, and nobody as administrator."""

    async def authenticate(self, credential: str) -> Principal | None:
        return Principal(credential)


async def test_only_the_installations_administrator_sees_them(service: RunningService) -> None:
    service.app.state.contexts["trial"] = replace(service.context, authenticators=[Member()])
    for key, status in ((None, 401), ("zc_member", 403)):
        async with service.with_key(key) as caller:
            assert (await caller.get(PARKED)).status_code == status
            assert (await caller.get(place(0))).status_code == status
            assert (await caller.post(f"{place(0)}/replay")).status_code == status


async def test_the_bytes_are_shown_as_they_came(service: RunningService) -> None:
    shown = (await service.http.get(place(2))).json()
    assert b64decode(shown["value_base64"]) == b"\x00\xff"
    assert (shown["size"], shown["event_id"], shown["type"]) == (2, None, None)
    assert shown["attributes"] == {"x�": "y�"}
    assert (await service.http.get(place(9))).status_code == 404


async def test_a_record_is_replayed_once(service: RunningService, database: Database) -> None:
    first = await service.http.post(f"{place(0)}/replay")
    assert (first.status_code, first.json()["replayed_now"]) == (200, True)
    assert first.json()["replayed_at"] is not None
    again = await service.http.post(f"{place(0)}/replay")
    assert (again.status_code, again.json()["replayed_now"]) == (200, False)
    async with database.reader() as session:
        assert {name: one.total for name, one in (await sums(session.connection)).items()} == {"a": 5}
    waiting = (await service.http.get(PARKED)).json()["parked"]
    assert [one["offset"] for one in waiting] == [1, 2]
    everything = (await service.http.get(PARKED, params={"replayed": True})).json()["parked"]
    assert [one["offset"] for one in everything] == [0, 1, 2]


async def test_what_is_still_not_usable_stays_parked_with_the_reason(service: RunningService) -> None:
    refused = await service.http.post(f"{place(1)}/replay")
    assert refused.status_code == 409
    assert "no number" in refused.json()["detail"]
    assert (await service.http.get(place(1))).json()["replayed_at"] is None


async def test_waiting_ones_are_counted_and_old_bytes_forgotten(
    service: RunningService, database: Database
) -> None:
    def waiting() -> float | None:
        return REGISTRY.get_sample_value("zerocarbon_consumer_parked_waiting", {"consumer": CONSUMER})

    clock = FixedClock(datetime.now(UTC))
    care = ParkedCare([CONSUMER], database, clock)
    await care.look()
    assert waiting() == 3
    assert (await service.http.get(place(2))).json()["bytes_kept"] is True
    await service.http.post(f"{place(0)}/replay")
    clock.set(datetime.now(UTC) + KEEP_BYTES + timedelta(hours=1))
    await care.look()
    assert waiting() == 2
    shown = (await service.http.get(place(2))).json()
    assert (shown["bytes_kept"], shown["value_base64"], shown["size"]) == (False, None, 2)
    assert (await service.http.post(f"{place(2)}/replay")).status_code == 409
