"""`certificates` from outside: signed notices, retirements, holdings, who may see what."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
import pytest_asyncio
from google.rpc import status_pb2
from standardwebhooks.webhooks import Webhook

from zerocarbon.api.certificates.v1 import certificate_service_pb2 as messages
from zerocarbon.api.certificates.v1 import certificate_service_pb2_grpc as generated
from zerocarbon.certificates.api.registries import MOST_BYTES
from zerocarbon.certificates.definition import definition
from zerocarbon.certificates.service.registry.notices import Notices
from zerocarbon.certificates.service.registry.signature import Signatures
from zerocarbon.certificates.store import factories, secret_box
from zerocarbon.certificates.store.secret_box import KEY_FILE
from zerocarbon.common.grpc.server import serve_grpc
from zerocarbon.common.grpc.status import DETAILS, problem_in
from zerocarbon.common.identity import directory
from zerocarbon.common.identity.keys import key_digest
from zerocarbon.common.ids import natural_id
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.service import RunningService, running
from zerocarbon.contracts.reference import ApiKeyIssued, FactoryRegistered
from zerocarbon.contracts.registry_inbound import RegistryNotice

OWNER, OTHER = natural_id("organisation", "owner"), natural_id("organisation", "other")
FACTORY = natural_id("factory", "cell-works")
BASE = f"/certificates/v1/organisations/{OWNER}"
NOTICES = "/certificates/v1/registries/cn-gec/notices"
BLOCK = natural_id("block", "cn-gec", "A", "0")
ORDER: dict[str, Any] = {
    "factory_id": FACTORY,
    "period": {"start": "2024-01-01", "end": "2025-01-01"},
    "quantity": 100,
}


@pytest_asyncio.fixture
async def service(service_database: MakeDatabase, tmp_path: Path) -> AsyncIterator[RunningService]:
    database = await service_database("certificates")
    async with running(definition, database, data_directory=tmp_path) as service:
        await service.set_business_clock(datetime(2025, 6, 15, 8, tzinfo=UTC))
        factory = FactoryRegistered.model_validate(
            {
                "factory_id": FACTORY,
                "organisation_id": OWNER,
                "owned_from": "2020-01-01",
                "code": "cell-works",
                "name_en": "Cell works",
                "name_zh": "电池厂",
                "time_zone": "Asia/Shanghai",
                "country": "CN",
                "grid_region": "CN-JS",
                "state": "operating",
                "industry": "photovoltaic",
                "products": ["photovoltaic-cell"],
            }
        )
        async with database.worker() as session:
            await factories.record(session.connection, factory)
            for organisation, role in ((OWNER, "preparer"), (OWNER, "verifier"), (OTHER, "preparer")):
                await directory.record(session.connection, key_issued(organisation, role))
        yield service


def key_issued(organisation: str, role: str) -> ApiKeyIssued:
    return ApiKeyIssued.model_validate(
        {
            "organisation_id": organisation,
            "api_key_id": natural_id("key", organisation, role),
            "principal_id": natural_id("principal", organisation, role),
            "roles": [role],
            "key_sha256": key_digest(f"zc_{organisation}-{role}"),
            "expires_at": "2099-01-01T00:00:00Z",
        }
    )


def caller(service: RunningService, organisation: str = OWNER, role: str = "preparer") -> httpx.AsyncClient:
    return service.with_key(f"zc_{organisation}-{role}")


class Sender:
    """The registry on the other side of the webhook."""

    def __init__(self, service: RunningService, secret: str) -> None:
        self.service = service
        self.secret = secret

    async def send(
        self,
        notice: RegistryNotice | bytes,
        *,
        at: datetime | None = None,
        url: str = NOTICES,
        body: bytes | None = None,
    ) -> httpx.Response:
        data = notice if isinstance(notice, bytes) else notice.data()
        moment = at or datetime.now(UTC)
        signature = Webhook(self.secret).sign("msg-1", moment, data.decode())
        headers = {
            "webhook-id": "msg-1",
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signature,
        }
        async with self.service.with_key(None) as http:
            return await http.post(url, content=body if body is not None else data, headers=headers)


@pytest_asyncio.fixture
async def sender(service: RunningService) -> Sender:
    answer = await service.http.post("/certificates/v1/registries/cn-gec/secrets")
    assert answer.status_code == 201
    return Sender(service, answer.json()["secret"])


@pytest.fixture
def notice(gec: Any) -> Any:
    """The n-th notice of the registry; by default the issue of the block."""

    def make(sequence: int = 1, kind: str = "issued", low: int = 0, high: int = 1000, **more: Any) -> Any:
        event = gec()
        base = {
            "registry": "cn-gec",
            "sequence": sequence,
            "kind": kind,
            "scheme": "GEC",
            "serial": "A",
            "low": low,
            "high": high,
            "unit": "MWh",
            "holder_organisation_id": OWNER,
            "project": event.project,
            "vintage_start": event.vintage_start,
            "vintage_end": event.vintage_end,
            "on": "2024-02-20" if kind == "issued" else "2025-06-16",
            "reference": f"R-{sequence}",
        }
        return RegistryNotice.model_validate({**base, **more})

    return make


async def test_a_signed_notice_is_taken_and_repeated(sender: Sender, notice: Any) -> None:
    first = await sender.send(notice())
    assert (first.status_code, first.json()) == (
        200,
        {"outcome": "applied", "block_id": BLOCK, "sequence": 1},
    )
    again = await sender.send(notice())
    assert (again.status_code, again.json()) == (200, first.json())
    other = await sender.send(notice(reference="another"))
    assert (other.status_code, other.json()["rule"]) == (409, "sequence-used")


async def test_forged_and_stale_signatures_are_refused(sender: Sender, notice: Any) -> None:
    stranger = Sender(sender.service, "whsec_" + "QUJD" * 8)
    now = datetime.now(UTC)
    refused = [
        await stranger.send(notice()),
        await sender.send(notice(), at=now - timedelta(minutes=6)),
        await sender.send(notice(), at=now + timedelta(minutes=6)),
        await sender.send(notice(), body=notice(high=2000).data()),
        await sender.send(notice(), url=NOTICES.replace("cn-gec", "evident")),
    ]
    async with sender.service.with_key(None) as http:
        refused.append(await http.post(NOTICES, content=notice().data()))
        garbled = {"webhook-id": "x", "webhook-timestamp": "x", "webhook-signature": "v1"}
        refused.append(await http.post(NOTICES, content=b"\xff", headers=garbled))
    assert [answer.status_code for answer in refused] == [401] * 7
    assert refused[0].json()["type"].endswith("signature")
    assert (await sender.service.http.get(f"{BASE}/holdings")).json()["items"] == []


async def test_a_registry_changes_over_to_a_new_secret(sender: Sender, notice: Any) -> None:
    service = sender.service
    newer = (await service.http.post("/certificates/v1/registries/cn-gec/secrets")).json()["secret"]
    assert (await sender.send(notice())).status_code == 200
    assert (await Sender(service, newer).send(notice())).status_code == 200
    key_file = service.context.data_directory / KEY_FILE
    assert key_file.stat().st_mode & 0o777 == 0o600
    async with service.context.database.reader() as session:
        rows = await session.connection.fetch("SELECT sealed FROM registry_secret")
    assert all(sender.secret.removeprefix("whsec_").encode() not in row["sealed"] for row in rows)


async def test_a_notice_is_read_up_to_a_bound_before_anything_is_looked_at(
    sender: Sender, notice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    fits = notice(reason="x" * 2000)
    assert (await sender.send(fits)).status_code == 200

    async def nobody(*_: Any) -> None:
        raise AssertionError("a signature was looked at")

    async def in_parts() -> AsyncIterator[bytes]:
        for _ in range(9):
            yield b" " * 8192

    monkeypatch.setattr(Signatures, "check", nobody)
    async with sender.service.with_key(None) as http:
        declared = await http.post(NOTICES, content=b" " * (MOST_BYTES + 1))
        counted = await http.post(NOTICES, content=in_parts())
    for answer in (declared, counted):
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (413, "body-too-large")
        assert answer.headers["connection"] == "close"


async def test_notices_do_not_touch_the_disk_for_the_key(
    sender: Sender, notice: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await sender.send(notice())).status_code == 200

    def touched(path: Path) -> str:
        raise AssertionError(f"{path} was read again")

    monkeypatch.setattr(secret_box, "secret_of", touched)
    monkeypatch.setattr(Path, "mkdir", touched)
    assert (await sender.send(notice())).status_code == 200


async def test_what_is_wrong_with_a_notice_is_said(sender: Sender, notice: Any) -> None:
    gap = await sender.send(notice(2))
    assert (gap.status_code, gap.json()["expected"]) == (409, 1)
    invalid = await sender.send(b'{"registry": "cn-gec"}')
    assert invalid.status_code == 422
    assert {"/sequence", "/kind"} <= {error["pointer"] for error in invalid.json()["errors"]}
    mixed = await sender.send(notice(registry="evident"))
    assert mixed.json()["errors"][0]["rule"] == "registry-of-notice"
    early = await sender.send(notice(on="2024-01-15"))
    assert (early.status_code, early.json()["errors"][0]["rule"]) == (422, "DC24")
    streams = (await sender.service.http.get("/certificates/v1/registries")).json()["items"]
    assert {"registry": "cn-gec", "next_sequence": 2} in streams


async def test_from_issue_to_final_retirement(sender: Sender, notice: Any) -> None:
    await sender.send(notice())
    async with caller(sender.service) as http:
        headers = {"Idempotency-Key": "order-1"}
        asked = await http.post(f"{BASE}/retirements", json=ORDER, headers=headers)
        assert asked.status_code == 202, asked.text
        assert (await http.post(f"{BASE}/retirements", json=ORDER, headers=headers)).json() == asked.json()
        correlation_id = asked.json()["correlation_id"]
        assert asked.json()["status"] == "awaiting-registry"
        (range_,) = asked.json()["ranges"]
        assert (range_["block_id"], range_["low"], range_["high"], range_["serial"]) == (BLOCK, 0, 100, "A")

        waiting = await http.get(f"{BASE}/retirements", params={"status": "awaiting-registry"})
        assert [item["correlation_id"] for item in waiting.json()["items"]] == [correlation_id]
        confirmed = await sender.send(notice(2, "retired", 0, 100, correlation_id=correlation_id))
        assert confirmed.status_code == 200

        final = (await http.get(f"{BASE}/retirements/{correlation_id}")).json()
        assert (final["status"], final["retired_quantity"]) == ("retired", 100)
        assert final["ranges"][0]["registry_reference"] == "R-2"
        late = await http.post(f"{BASE}/retirements/{correlation_id}/release", json={})
        assert (late.status_code, late.json()["errors"][0]["rule"]) == (422, "DC09")

        summary = (await http.get(f"{BASE}/holdings/summary")).json()["items"]
        assert {item["state"]: item["quantity"] for item in summary} == {"held": 900, "retired": 100}
        block = (await http.get(f"{BASE}/blocks/{BLOCK}")).json()
        assert block["states"] == {"held": 900, "retired": 100}
        assert block["expires_on"] == "2026-01-01"
        types = [
            event["type"] for event in (await http.get(f"{BASE}/blocks/{BLOCK}/history")).json()["items"]
        ]
        assert [name.split(".")[2] for name in types] == [
            "block-issued",
            "units-reserved",
            "retirement-submitted",
            "units-retired",
        ]


async def test_a_dry_run_leaves_no_trace(sender: Sender, notice: Any) -> None:
    await sender.send(notice())
    async with caller(sender.service) as http:
        tried = await http.post(f"{BASE}/retirements?dry_run=true", json=ORDER)
        assert (tried.status_code, tried.json()["dry_run"]) == (200, True)
        assert tried.json()["ranges"][0]["high"] == 100
        assert (await http.get(f"{BASE}/retirements")).json()["items"] == []
        states = {item["state"] for item in (await http.get(f"{BASE}/holdings")).json()["items"]}
        assert states == {"held"}


async def test_reserve_first_and_retire_later(sender: Sender, notice: Any) -> None:
    await sender.send(notice())
    async with caller(sender.service) as http:
        ranges = [{"block_id": BLOCK, "low": 10, "high": 60}, {"block_id": BLOCK, "low": 60, "high": 110}]
        made = await http.post(f"{BASE}/reservations", json={**ORDER, "ranges": ranges, "hold_days": 3})
        assert (made.status_code, made.json()["status"]) == (201, "reserved")
        assert made.json()["expires_at"] == "2025-06-18T08:00:00Z"
        correlation_id = made.json()["correlation_id"]
        listed = (await http.get(f"{BASE}/reservations")).json()["items"]
        assert [item["correlation_id"] for item in listed] == [correlation_id]
        sent = await http.post(f"{BASE}/reservations/{correlation_id}/retire")
        assert (sent.status_code, sent.json()["status"]) == (202, "awaiting-registry")
        back = await http.post(f"{BASE}/retirements/{correlation_id}/release", json={"reason": "mistake"})
        assert (back.json()["status"], back.json()["reasons"]) == ("released", ["mistake"])
        nobody = await http.get(f"{BASE}/retirements/{natural_id('nobody')}")
        assert nobody.status_code == 404


BAD_ORDERS: list[tuple[dict[str, Any], set[str]]] = [
    ({"unit": "tCO2e", "purpose": "neutrality-claim"}, {"R179"}),
    ({"purpose": "neutrality-claim"}, {"DC12"}),
    ({"factory_id": natural_id("factory", "of-somebody-else")}, {"DC18"}),
    ({"quantity": 1001}, {"not-enough-units"}),
    ({"schemes": ["IREC_CN"]}, {"not-enough-units"}),
    ({"period": {"start": "2025-01-01", "end": "2026-01-01"}}, {"not-enough-units"}),
    ({"ranges": [{"block_id": BLOCK, "low": 0, "high": 99}]}, {"quantity-of-ranges"}),
    (
        {
            "ranges": [
                {"block_id": BLOCK, "low": 0, "high": 60},
                {"block_id": BLOCK, "low": 59, "high": 99},
            ]
        },
        {"DC09"},
    ),
    ({"ranges": [{"block_id": BLOCK, "low": 950, "high": 1050}]}, {"not-held"}),
    ({"ranges": [{"block_id": BLOCK, "low": 100, "high": 0}]}, {"greater_than"}),
    ({"ranges": [{"block_id": BLOCK, "low": 100, "high": 50}]}, {"value_error"}),
    ({"quantity": 0}, {"greater_than"}),
    ({"quantity": -5}, {"greater_than"}),
    ({"quantity": 1.5}, {"int_from_float"}),
]


@pytest.mark.requirement("R208")
async def test_bad_orders_name_their_rule_and_change_nothing(sender: Sender, notice: Any) -> None:
    await sender.send(notice())
    async with caller(sender.service) as http:
        found = []
        for changes, _ in BAD_ORDERS:
            answer = await http.post(f"{BASE}/retirements", json={**ORDER, **changes})
            assert answer.status_code == 422
            found.append((changes, {error["rule"] for error in answer.json()["errors"]}))
        assert found == BAD_ORDERS
        (summary,) = (await http.get(f"{BASE}/holdings/summary")).json()["items"]
        assert (summary["state"], summary["quantity"]) == ("held", 1000)


async def test_pages_are_complete_and_without_repeats(sender: Sender, notice: Any) -> None:
    for number in range(5):
        await sender.send(notice(number + 1, low=number * 10, high=number * 10 + 10))
    async with caller(sender.service) as http:
        seen: list[str] = []
        params: dict[str, Any] = {"limit": 2}
        while True:
            page = (await http.get(f"{BASE}/holdings", params=params)).json()
            seen += [item["block_id"] for item in page["items"]]
            if page["next"] is None:
                break
            params["cursor"] = page["next"]
        assert len(seen) == len(set(seen)) == 5
        blocks = (await http.get(f"{BASE}/blocks", params={"limit": 4})).json()
        assert len(blocks["items"]) == 4
        wrong = await http.get(f"{BASE}/holdings", params={"cursor": "bm90IG9uZQ"})
        assert (wrong.status_code, wrong.json()["errors"][0]["rule"]) == (422, "cursor")


async def test_who_may_see_and_do_what(sender: Sender, notice: Any) -> None:
    service = sender.service
    await sender.send(notice())
    async with caller(service, OWNER, "verifier") as verifier:
        assert (await verifier.get(f"{BASE}/holdings")).status_code == 200
        assert (await verifier.post(f"{BASE}/retirements", json=ORDER)).status_code == 403
        assert (await verifier.get("/certificates/v1/registries")).status_code == 403
    async with caller(service, OTHER) as stranger:
        assert (await stranger.get(f"{BASE}/holdings")).status_code == 403
        own = f"/certificates/v1/organisations/{OTHER}"
        assert (await stranger.get(f"{own}/blocks/{BLOCK}")).status_code == 404
        assert (await stranger.get(f"{own}/blocks/{BLOCK}/history")).status_code == 404
        entered = await stranger.post(
            f"{own}/provisional-blocks", json={"scheme": "GEC", "serial": "A", "low": 0, "high": 10}
        )
        assert entered.status_code == 201
    async with service.with_key(None) as nobody:
        assert (await nobody.get(f"{BASE}/holdings")).status_code == 401
        assert (await nobody.post("/certificates/v1/registries/cn-gec/secrets")).status_code == 401


@pytest.mark.requirement("R129")
async def test_rules_are_shown_with_their_source(service: RunningService) -> None:
    async with service.with_key(None) as http:
        items = (await http.get("/certificates/v1/schemes")).json()["items"]
    irec = next(item for item in items if item["code"] == "IREC_CN")
    window = next(rule for rule in irec["rules"] if rule["kind"] == "GenerationWindow")
    assert (window["until"], window["confidence"]) == ("2025-01-01", "verified")
    assert "I-TRACK" in window["title"]
    gec = next(item for item in items if item["code"] == "GEC")
    validity = next(rule for rule in gec["rules"] if rule["kind"] == "Validity")
    assert (validity["months"], validity["confidence"]) == (24, "verified")
    assert validity["counting"]["with_month_of_generation"] is True
    assert validity["counting"]["confidence"] == "memory"


async def test_grpc_does_what_rest_does(service: RunningService, notice: Any) -> None:
    context = service.context
    await Notices(context.database, context.store, context.business_clock).take(notice())
    server = await serve_grpc(definition.grpc(context), "127.0.0.1", 0)
    metadata = (("authorization", f"Bearer zc_{OWNER}-preparer"), ("idempotency-key", "order-1"))
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            stub: Any = generated.CertificateServiceStub(channel)
            request = messages.RetireRequest(
                organisation_id=OWNER,
                factory_id=FACTORY,
                period=messages.Period(start="2024-01-01", end="2025-01-01"),
                quantity=100,
            )
            asked = await stub.Retire(request, metadata=metadata)
            assert (asked.status, asked.ranges[0].low, asked.ranges[0].high) == ("awaiting-registry", 0, 100)
            assert await stub.Retire(request, metadata=metadata) == asked
            found = messages.GetRetirementRequest(organisation_id=OWNER, correlation_id=asked.correlation_id)
            assert await stub.GetRetirement(found, metadata=metadata) == asked
            holdings = await stub.ListHoldings(
                messages.ListHoldingsRequest(organisation_id=OWNER, states=["held"]), metadata=metadata
            )
            assert [(item.low, item.high, item.quantity) for item in holdings.items] == [(100, 1000, 900)]
            history = await stub.GetBlockHistory(
                messages.GetBlockHistoryRequest(organisation_id=OWNER, block_id=BLOCK), metadata=metadata
            )
            assert json.loads(history.items[0].data)["high"] == 1000
            request.quantity = 5000
            with pytest.raises(grpc.aio.AioRpcError) as refused:
                await stub.Retire(request, metadata=metadata[:1])
            assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
            document = _problem(refused.value)
            assert document["errors"][0]["rule"] == "not-enough-units"
            with pytest.raises(grpc.aio.AioRpcError) as stranger:
                await stub.GetRetirement(found)
            assert stranger.value.code() is grpc.StatusCode.UNAUTHENTICATED
    finally:
        await server.stop(0)


def _problem(error: grpc.aio.AioRpcError) -> dict[str, Any]:
    details = dict(error.trailing_metadata() or ())[DETAILS]
    document = problem_in(status_pb2.Status.FromString(details))
    assert document is not None
    return document
