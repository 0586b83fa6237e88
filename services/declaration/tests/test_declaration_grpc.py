"""The same way through gRPC, by a client that knows the service from reflection only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
import pytest_asyncio
from google.protobuf import descriptor_pool, json_format, message_factory
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from zerocarbon.common.grpc.server import serve_grpc
from zerocarbon.common.grpc.status import DETAILS, problem_in
from zerocarbon.declaration.definition import definition
from zerocarbon.declaration.testing import month
from zerocarbon.declaration.testing.story import Story

SERVICE = "zerocarbon.api.declaration.v1.DeclarationService"
PAS, ISO = "PAS 2060:2014", "ISO 14068-1:2023"
PLACE = {"organisation_id": month.ORGANISATION, "factory_id": month.FACTORY}


class Reflected:
    """Calls methods by name with plain dictionaries; knows nothing but what the server tells of itself."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._channel = channel
        self._pool = descriptor_pool.DescriptorPool()

    async def learn(self) -> None:
        async def asked() -> AsyncIterator[Any]:
            yield reflection_pb2.ServerReflectionRequest(file_containing_symbol=SERVICE)

        stub = reflection_pb2_grpc.ServerReflectionStub(self._channel)
        async for answer in stub.ServerReflectionInfo(asked()):
            for file in answer.file_descriptor_response.file_descriptor_proto:
                self._pool.Add(FileDescriptorProto.FromString(file))

    def methods(self) -> set[str]:
        return {method.name for method in self._pool.FindServiceByName(SERVICE).methods}

    async def call(
        self, method: str, body: dict[str, Any], key: str | None = "zc_preparer", **metadata: str
    ) -> dict[str, Any]:
        found = self._pool.FindServiceByName(SERVICE).methods_by_name[method]
        request = message_factory.GetMessageClass(found.input_type)
        answer = message_factory.GetMessageClass(found.output_type)
        sent = [(name.replace("_", "-"), value) for name, value in metadata.items()]
        if key is not None:
            sent.append(("authorization", f"Bearer {key}"))
        ask = self._channel.unary_unary(
            f"/{SERVICE}/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=answer.FromString,
        )
        reply = await ask(json_format.ParseDict(body, request()), metadata=sent)
        read: dict[str, Any] = json_format.MessageToDict(reply, preserving_proto_field_name=True)
        return read


@pytest_asyncio.fixture
async def client(told_story: Story) -> AsyncIterator[Reflected]:
    server = await serve_grpc(definition.grpc(told_story.service.context), "127.0.0.1", 0)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        one = Reflected(channel)
        await one.learn()
        yield one
    await server.stop(0)


def problem_of(error: grpc.aio.AioRpcError) -> dict[str, Any]:
    document = problem_in(status_pb2.Status.FromString(dict(error.trailing_metadata())[DETAILS]))
    assert document is not None
    return document


async def test_the_whole_way_through_grpc_only(told_story: Story, client: Reflected) -> None:
    await told_story.begin()
    person = (
        await client.call(
            "AddPerson", {"organisation_id": month.ORGANISATION, "person": {"name": "Zhang Example"}}
        )
    )["person_id"]
    commitment = {
        "period": month.COMMITTED,
        "statement_en": "We commit.",
        "statement_zh": "我们承诺。",
        "signatory_id": person,
    }
    await client.call("MakeCommitment", {**PLACE, "commitment": commitment}, "zc_reviewer")
    plan = await client.call("ApprovePlan", {**PLACE, "plan": month.plan_form(person)}, "zc_reviewer")
    done = {"achieved_kg": "1000", "done_on": "2024-06-10", "evidence_sha256": "cd" * 32}
    await client.call(
        "FinishMeasure",
        {**PLACE, "plan_id": plan["plan_id"], "code": "heat-recovery", "measure": done},
    )
    opinion = month.opinion_form(told_story.closed)
    await client.call("SignOpinion", {**PLACE, "opinion": opinion}, "zc_verifier")
    claim = await client.call(
        "OpenClaim", {**PLACE, "claim": {"boundary": "cell plant", "inventory_id": month.INVENTORY}}
    )
    place = {**PLACE, "claim_id": claim["claim_id"]}
    form = {"quantity": 109, "promised_by": person, "outside_boundary": True}
    request = await client.call("RequestRetirement", {**place, "retirement": form})
    await told_story.told(month.retired_for(request, 109))
    overview = await client.call("GetClaim", place)
    assert overview["requests"][0]["state"] == "retired"
    tried = await client.call("RequestStatement", {**place, "statement": {"standard": PAS}}, dry_run="true")
    assert tried["statement"]["version"] == 1
    assert await client.call("ListStatements", PLACE) == {}
    issued = await client.call("RequestStatement", {**place, "statement": {"standard": PAS}})
    statement_id = issued["statement"]["statement_id"]
    read = await client.call("GetStatement", {**PLACE, "statement_id": statement_id})
    assert read["status"] == "issued"
    public = await client.call("GetPublishedStatement", {"statement_id": statement_id}, None)
    assert public["status"] == "issued"
    bundle = await client.call("GetDocument", {**place, "kind": "BUNDLE_ZIP"})
    assert bundle["statements"] == [PAS]
    rest = await told_story.preparer.get(
        f"/declaration/v1/organisations/{month.ORGANISATION}/factories/{month.FACTORY}"
        f"/statements/{statement_id}"
    )
    assert read["gates"] == rest.json()["gates"]
    assert read["emissions_kg"] == rest.json()["emissions_kg"]


async def test_refusals_are_the_same_problems_as_over_rest(told_story: Story, client: Reflected) -> None:
    await told_story.begin()
    person = await told_story.person()
    incomplete = {**month.plan_form(person), "targets": []}
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await client.call("ApprovePlan", {**PLACE, "plan": incomplete}, "zc_reviewer")
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    path = f"/declaration/v1/organisations/{month.ORGANISATION}/factories/{month.FACTORY}/plans"
    over_rest = await told_story.reviewer.post(path, json=incomplete)
    assert problem_of(refused.value) == over_rest.json()


async def test_a_refused_statement_names_its_gates_in_bad_request(
    told_story: Story, client: Reflected
) -> None:
    claim_id = await told_story.up_to_retirement()
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await client.call("RequestStatement", {**PLACE, "claim_id": claim_id, "statement": {"standard": ISO}})
    assert refused.value.code() is grpc.StatusCode.FAILED_PRECONDITION
    status = status_pb2.Status.FromString(dict(refused.value.trailing_metadata())[DETAILS])
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    assert status.details[0].Unpack(info)
    assert status.details[1].Unpack(bad)
    assert info.reason == "STATEMENT_REFUSED"
    assert bad.field_violations[0].description.startswith("neutrality:")
    judged = await client.call("Evaluate", {**PLACE, "claim_id": claim_id, "standard": ISO})
    assert [gate["gate"] for gate in judged["gates"] if not gate.get("passed")] == ["neutrality"]


async def test_who_may_not_or_asks_wrongly_learns_it_by_code(told_story: Story, client: Reflected) -> None:
    await told_story.begin()
    for key, body, code in (
        (None, PLACE, grpc.StatusCode.UNAUTHENTICATED),
        ("zc_nobody", PLACE, grpc.StatusCode.UNAUTHENTICATED),
        ("zc_preparer", {**PLACE, "organisation_id": month.VERIFIERS}, grpc.StatusCode.PERMISSION_DENIED),
        ("zc_preparer", {**PLACE, "factory_id": month.VERIFIERS}, grpc.StatusCode.NOT_FOUND),
        ("zc_preparer", {**PLACE, "factory_id": "7"}, grpc.StatusCode.INVALID_ARGUMENT),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await client.call("ListClaims", body, key)
        assert refused.value.code() is code


async def test_both_interfaces_have_the_same_operations(told_story: Story, client: Reflected) -> None:
    files = {
        "statement_page",
        "statement_file",
        "declaration",
        "claim_page",
        "claim_file",
        "claim_bundle",
        "statement_bundle",
        "inventory_bundle",
        "published_declaration",
        "public_key",
    }
    routes = {
        "".join(part.capitalize() for part in route.name.split("_"))
        for router in definition.routers
        for route in router.routes
        if route.name not in files
    }
    assert client.methods() - {"GetDocument"} == routes


async def test_health_says_serving(told_story: Story) -> None:
    server = await serve_grpc(definition.grpc(told_story.service.context), "127.0.0.1", 0)
    async with grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel:
        answer = await health_pb2_grpc.HealthStub(channel).Check(
            health_pb2.HealthCheckRequest(service=SERVICE)
        )
    await server.stop(0)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
