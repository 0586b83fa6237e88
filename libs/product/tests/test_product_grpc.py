"""`zerocarbon up` by its gRPC port: one port for all that speaks gRPC, found by what the command prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from zerocarbon.api.certificates.v1 import certificate_service_pb2 as certificates
from zerocarbon.api.certificates.v1 import certificate_service_pb2_grpc as certificates_grpc
from zerocarbon.api.declaration.v1 import declaration_service_pb2 as declaration
from zerocarbon.api.declaration.v1 import declaration_service_pb2_grpc as declaration_grpc
from zerocarbon.common.bus.kraft import free_port

CERTIFICATES = "zerocarbon.api.certificates.v1.CertificateService"
DECLARATION = "zerocarbon.api.declaration.v1.DeclarationService"
ORGANISATION = "0190a000-0000-7000-8000-000000000001"
FACTORY = "0190a000-0000-7000-8000-000000000002"
START_SECONDS = 90
END_SECONDS = 20
CALL_SECONDS = 10


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What a running `zerocarbon up` has printed, up to the place of the key."""
    place = tmp_path_factory.mktemp("up")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZEROCARBON_")}
    inherited = {k: v for k, v in inherited.items() if k not in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS")}
    settings = {
        "ZEROCARBON_DATA_DIRECTORY": str(place / "data"),
        "ZEROCARBON_PORT": str(free_port()),
        "ZEROCARBON_GRPC_PORT": str(free_port()),
    }
    output = place / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "zerocarbon.product.main", "up"],
            env={**inherited, **settings},
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        end = time.monotonic() + START_SECONDS
        while "administrator key" not in output.read_text():
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < end, output.read_text()
            time.sleep(0.1)
        yield output.read_text()
    finally:
        process.terminate()
        process.wait(END_SECONDS)


@pytest.fixture(scope="module")
def key(printed: str) -> str:
    """The administrator's key, from where the command says that it lies."""
    found = re.search(r"^administrator key  (.+)$", printed, re.MULTILINE)
    assert found is not None, printed
    return Path(found[1]).read_text().strip()


@pytest.fixture
def channel(printed: str) -> Iterator[grpc.Channel]:
    """A connection to the one gRPC address that was printed."""
    addresses = re.findall(r"^gRPC  (\S+)$", printed, re.MULTILINE)
    assert len(addresses) == 1, printed
    with grpc.insecure_channel(addresses[0]) as opened:
        yield opened


def test_one_port_has_both_services_health_and_reflection(channel: grpc.Channel) -> None:
    listed = set(ProtoReflectionDescriptorDatabase(channel).get_services())
    assert listed == {
        CERTIFICATES,
        DECLARATION,
        "grpc.health.v1.Health",
        "grpc.reflection.v1alpha.ServerReflection",
    }


@pytest.mark.parametrize("service", ["", CERTIFICATES, DECLARATION])
def test_each_service_says_that_it_serves(channel: grpc.Channel, service: str) -> None:
    asked = health_pb2.HealthCheckRequest(service=service)
    answer = health_pb2_grpc.HealthStub(channel).Check(asked, timeout=CALL_SECONDS)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_both_services_answer_the_administrator_and_nobody_else(channel: grpc.Channel, key: str) -> None:
    holdings = certificates_grpc.CertificateServiceStub(channel).ListHoldings
    claims = declaration_grpc.DeclarationServiceStub(channel).ListClaims
    all_holdings = certificates.ListHoldingsRequest(organisation_id=ORGANISATION)
    all_claims = declaration.ListRequest(organisation_id=ORGANISATION, factory_id=FACTORY)

    answer = holdings(all_holdings, metadata=bearer(key), timeout=CALL_SECONDS)
    assert list(answer.items) == []
    assert status_of(claims, all_claims, key) is grpc.StatusCode.NOT_FOUND, "no factory was registered"
    for call, request in ((holdings, all_holdings), (claims, all_claims)):
        assert status_of(call, request, f"{key}x") is grpc.StatusCode.UNAUTHENTICATED


def bearer(key: str) -> list[tuple[str, str]]:
    return [("authorization", f"Bearer {key}")]


def status_of(call: Callable[..., object], request: object, key: str) -> grpc.StatusCode:
    """The status with which a call is refused."""
    with pytest.raises(grpc.RpcError) as refused:
        call(request, metadata=bearer(key), timeout=CALL_SECONDS)
    status: grpc.StatusCode = refused.value.code()
    return status


def test_the_command_prints_where_rest_answers_and_where_the_key_lies(printed: str, key: str) -> None:
    assert re.search(r"^REST  http://127\.0\.0\.1:\d+  \(docs at /docs\)$", printed, re.MULTILINE)
    assert key.startswith("zc_")
