"""The gRPC frame: health, reflection, and problems as rich status that survive the way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from google.protobuf import descriptor_pb2, empty_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from zerocarbon.common.grpc.server import GrpcServer, serve_grpc
from zerocarbon.common.grpc.status import DETAILS, MAX_BYTES, problem_in, status_of
from zerocarbon.common.problem import refusal_problem
from zerocarbon.common.refusal import NotFound, Refused, Violation

SERVICE = "test.Refuser"


def raising(error: Exception) -> Any:
    async def answer(_request: object, _context: object) -> None:
        raise error

    return answer


def registration(error: Exception) -> Any:
    def register(server: Any) -> str:
        handler = grpc.unary_unary_rpc_method_handler(
            raising(error),
            request_deserializer=empty_pb2.Empty.FromString,
            response_serializer=empty_pb2.Empty.SerializeToString,
        )
        server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(SERVICE, {"Ask": handler}),))
        return SERVICE

    return register


@pytest.fixture
async def refused_call(request: pytest.FixtureRequest) -> AsyncIterator[grpc.aio.AioRpcError]:
    server = await serve_grpc([registration(request.param)], "127.0.0.1", 0)
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
            ask = channel.unary_unary(
                f"/{SERVICE}/Ask",
                request_serializer=empty_pb2.Empty.SerializeToString,
                response_deserializer=empty_pb2.Empty.FromString,
            )
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await ask(empty_pb2.Empty())
            yield caught.value
    finally:
        await server.stop(0)


def rich_status(error: grpc.aio.AioRpcError) -> status_pb2.Status:
    details = dict(error.trailing_metadata())[DETAILS]
    return status_pb2.Status.FromString(details)


@pytest.mark.parametrize(
    "refused_call",
    [Refused([Violation("R176", "scope 2 has neither target nor reason", "/targets/1/scope")])],
    indirect=True,
)
async def test_a_refusal_names_field_and_rule(refused_call: grpc.aio.AioRpcError) -> None:
    assert refused_call.code() is grpc.StatusCode.FAILED_PRECONDITION
    status = rich_status(refused_call)
    document = problem_in(status)
    assert document is not None
    assert document["type"].endswith("refused-by-rule")
    assert document["errors"][0]["rule"] == "R176"
    bad = error_details_pb2.BadRequest()
    assert status.details[1].Unpack(bad)
    assert bad.field_violations[0].field == "targets[1].scope"


@pytest.mark.parametrize("refused_call", [NotFound("claim", "7")], indirect=True)
async def test_what_is_missing_is_not_found(refused_call: grpc.aio.AioRpcError) -> None:
    assert refused_call.code() is grpc.StatusCode.NOT_FOUND


@pytest.mark.parametrize("refused_call", [KeyError("secret")], indirect=True)
async def test_a_fault_tells_nothing_of_the_inside(refused_call: grpc.aio.AioRpcError) -> None:
    assert refused_call.code() is grpc.StatusCode.INTERNAL
    assert "secret" not in str(refused_call.details())
    assert b"secret" not in rich_status(refused_call).SerializeToString()


def test_a_long_refusal_fits_into_the_metadata_of_an_answer() -> None:
    many = Refused([Violation("R1", f"row {row} cannot be read", f"/rows/{row}") for row in range(2000)])
    status = status_of(refusal_problem(many))
    assert status.ByteSize() <= MAX_BYTES
    assert status.code == code_pb2.FAILED_PRECONDITION
    document = problem_in(status)
    assert document is not None
    assert document["detail"] == "2000 rules are broken; see errors"
    bad = error_details_pb2.BadRequest()
    assert status.details[1].Unpack(bad)
    assert bad.field_violations


@pytest.fixture
async def healthy() -> AsyncIterator[GrpcServer]:
    server = await serve_grpc([registration(NotFound("thing", "1"))], "127.0.0.1", 0)
    yield server
    await server.stop(0)


async def test_health_and_reflection_name_the_service(healthy: GrpcServer) -> None:
    async with grpc.aio.insecure_channel(f"127.0.0.1:{healthy.port}") as channel:
        health = health_pb2_grpc.HealthStub(channel)
        answer = await health.Check(health_pb2.HealthCheckRequest(service=SERVICE))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING

        async def asked() -> AsyncIterator[Any]:
            yield reflection_pb2.ServerReflectionRequest(list_services="")
            yield reflection_pb2.ServerReflectionRequest(file_containing_symbol="grpc.health.v1.Health")

        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        answers = [answer async for answer in stub.ServerReflectionInfo(asked())]
    names = {service.name for service in answers[0].list_services_response.service}
    assert {SERVICE, "grpc.health.v1.Health"} <= names
    files = answers[1].file_descriptor_response.file_descriptor_proto
    assert descriptor_pb2.FileDescriptorProto.FromString(files[0]).package == "grpc.health.v1"
