"""What goes wrong over HTTP, in the form in which callers see it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import asyncpg
import httpx
import pytest_asyncio
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict
from starlette.types import Message

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.composition import ServiceDefinition
from zerocarbon.common.eventstore.decider import Decider
from zerocarbon.common.http.scope import CommandOptions, allow, command_options, run
from zerocarbon.common.identity.access import Scope
from zerocarbon.common.refusal import NotFound, Refused, Violation
from zerocarbon.common.testing.postgres import MakeDatabase
from zerocarbon.common.testing.service import ADMIN_KEY, RunningService, running
from zerocarbon.contracts.alert import AlertRaised

ORGANISATION = "0190a000-0000-7000-8000-000000000001"
BASE = f"/ingest/v1/organisations/{ORGANISATION}"
LIMIT = 4096
FAULTS: dict[str, Exception] = {
    "fault": RuntimeError("postgresql://owner:secret@host/db is our business"),
    "lost": asyncpg.ConnectionDoesNotExistError("connection was closed"),
    "socket": FileNotFoundError(2, "No such file or directory"),
    "file": FileNotFoundError(2, "No such file or directory", "/etc/font"),
    "waiting": TimeoutError(),
    "missing": NotFound("meter", "m1"),
}

router = APIRouter(prefix="/ingest/v1/organisations/{organisation_id}", tags=["trial"])
Operator = Annotated[Scope, Depends(allow("ingest", "operator"))]
Options = Annotated[CommandOptions, Depends(command_options)]
counting: Decider[int] = Decider(initial=int, evolve=lambda state, _event: state + 1)


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    amount: int


class AlertForm(BaseModel):
    model_config = ConfigDict(extra="forbid")
    message: str
    parts: list[Part] = []


@router.post("/alerts/{subject}", status_code=201)
async def raise_alert(
    request: Request, subject: str, form: AlertForm, scope: Operator, options: Options
) -> Response:
    """Raises an alert. Messages that begin with "no" are refused, by two rules."""
    fact = AlertRaised(
        organisation_id=scope.organisation_id,
        subject_id=subject,
        rule="trial",
        severity="notice",
        message=form.message,
    )

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await work.load(f"alert/{subject}", counting)
        work.must_match(loaded.version)
        if form.message.startswith("no"):
            raise Refused([Violation("R1", "not this", "/message"), Violation("R2", "nor that", row=3)])
        version = await work.append(f"alert/{subject}", loaded.version, [fact])
        return Answer(201, {"number": version}, version)

    return await run(request, "ingest", scope, options, use_case)


@router.get("/faults/{kind}")
async def fail(kind: str, scope: Operator, limit: Annotated[int, Query(ge=1)] = 1) -> None:
    """Fails in one of several ways."""
    raise FAULTS[kind]


@router.get("/factories/{factory_id}")
async def of_factory(factory_id: str, scope: Operator) -> dict[str, str]:
    """Says who was let in."""
    return {"principal": scope.principal.principal_id}


definition = ServiceDefinition("ingest", "zerocarbon.ingest.migrations", (router,))


@pytest_asyncio.fixture
async def service(service_database: MakeDatabase) -> AsyncIterator[RunningService]:
    async with running(definition, await service_database("ingest"), body_limit_bytes=LIMIT) as service:
        yield service


async def stored(service: RunningService) -> int:
    async with service.context.database.worker() as session:
        count: int = await session.connection.fetchval("SELECT count(*) FROM event")
    return count


def problem_in(answer: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    """The problem, after a look at what RFC 9457 asks of every one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-request-id"]
    document: dict[str, Any] = answer.json()
    assert document["type"] == f"urn:zerocarbon:problem:{kind}"
    assert document["status"] == status
    assert document["title"]
    assert document["detail"]
    return document


async def test_a_refusal_names_every_rule_and_place(service: RunningService) -> None:
    answer = await service.http.post(f"{BASE}/alerts/a", json={"message": "no"})
    document = problem_in(answer, 422, "refused-by-rule")
    assert document["errors"] == [
        {"rule": "R1", "message": "not this", "pointer": "/message"},
        {"rule": "R2", "message": "nor that", "row": 3},
    ]
    assert await stored(service) == 0


async def test_every_invalid_field_is_named_at_once(service: RunningService) -> None:
    body = {"parts": [{"amount": 1}, {"amount": "x", "a/b~c": 1}], "surplus": 1}
    answer = await service.http.post(f"{BASE}/alerts/a", json=body)
    errors = problem_in(answer, 422, "invalid-request")["errors"]
    assert {(error["in"], error["pointer"]) for error in errors} == {
        ("body", "/message"),
        ("body", "/parts/1/amount"),
        ("body", "/parts/1/a~1b~0c"),
        ("body", "/surplus"),
    }
    assert all(error["rule"] and error["message"] for error in errors)


async def test_a_missing_body_points_to_the_whole_of_it(service: RunningService) -> None:
    errors = problem_in(await service.http.post(f"{BASE}/alerts/a"), 422, "invalid-request")["errors"]
    assert [(error["in"], error["pointer"]) for error in errors] == [("body", "")]


async def test_what_cannot_be_parsed_is_an_error_of_the_caller(service: RunningService) -> None:
    broken = ['{"message": "a"', "{'message': 1}", "", "[" * 3000, '{"message": ' + "9" * 3000 + "}"]
    for text in broken:
        answer = await service.http.post(
            f"{BASE}/alerts/a", content=text, headers={"Content-Type": "application/json"}
        )
        assert answer.status_code in (400, 422), (text, answer.text)
        assert answer.json()["status"] == answer.status_code
    assert await stored(service) == 0


async def test_a_syntax_error_is_named_with_its_place(service: RunningService) -> None:
    answer = await service.http.post(
        f"{BASE}/alerts/a", content='{"message": }', headers={"Content-Type": "application/json"}
    )
    assert "character 12" in problem_in(answer, 400, "malformed-request")["detail"]


async def test_unknown_routes_and_methods_say_what_there_is(service: RunningService) -> None:
    problem_in(await service.http.get("/ingest/v1/nothing"), 404, "not-found")
    answer = await service.http.put(f"{BASE}/alerts/a", json={})
    problem_in(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "POST"


async def test_faults_tell_callers_nothing_of_ours(service: RunningService) -> None:
    for kind, status, problem in (
        ("fault", 500, "fault"),
        ("file", 500, "fault"),
        ("lost", 503, "unavailable"),
        ("socket", 503, "unavailable"),
        ("waiting", 503, "unavailable"),
        ("missing", 404, "not-found"),
    ):
        answer = await service.http.get(f"{BASE}/faults/{kind}")
        problem_in(answer, status, problem)
        assert "secret" not in answer.text
        assert "font" not in answer.text
        assert ("retry-after" in answer.headers) == (status == 503)


async def test_text_that_cannot_be_stored_is_an_error_of_the_caller(service: RunningService) -> None:
    problem_in(await service.http.post(f"{BASE}/alerts/%00", json={"message": "a"}), 422, "invalid-request")
    assert await stored(service) == 0


async def test_without_a_valid_credential_nobody_is_let_in(service: RunningService) -> None:
    async with service.with_key(None) as nobody:
        for header in (None, "Basic abc", "Bearer", "Bearer  ", "Bearer zc_unknown", "Bearer a.b.c"):
            headers = {"Authorization": header} if header else {}
            answer = await nobody.post(f"{BASE}/alerts/a", json={"message": "a"}, headers=headers)
            assert problem_in(answer, 401, "unauthenticated")["title"] == "Unauthorized"
            assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_two_credentials_are_none(service: RunningService) -> None:
    async with service.with_key(None) as nobody:
        answer = await nobody.get(
            f"{BASE}/faults/fault",
            headers=[("Authorization", f"Bearer {ADMIN_KEY}"), ("Authorization", "Bearer zc_other")],
        )
    problem_in(answer, 401, "unauthenticated")


async def test_a_version_that_moved_on_is_412_and_changes_nothing(service: RunningService) -> None:
    url = f"{BASE}/alerts/a"
    first = await service.http.post(url, json={"message": "a"})
    assert (first.status_code, first.headers["etag"]) == (201, '"1"')
    stale = await service.http.post(url, json={"message": "b"}, headers={"If-Match": '"0"'})
    problem_in(stale, 412, "precondition-failed")
    assert await stored(service) == 1
    fresh = await service.http.post(url, json={"message": "b"}, headers={"If-Match": first.headers["etag"]})
    assert (fresh.status_code, fresh.headers["etag"]) == (201, '"2"')


async def test_options_in_another_form_are_refused(service: RunningService) -> None:
    odd = [("If-Match", text) for text in ("1", "*", '"a"', '""', '"' + "1" * 40 + '"')]
    odd += [("Idempotency-Key", ""), ("Idempotency-Key", "x" * 201)]
    for header in odd:
        answer = await service.http.post(f"{BASE}/alerts/a", json={"message": "a"}, headers=[header])
        assert problem_in(answer, 422, "invalid-request")["errors"][0]["in"] == "header", header
    assert await stored(service) == 0


async def test_a_key_gives_one_effect_and_one_answer(service: RunningService) -> None:
    url, headers = f"{BASE}/alerts/a", {"Idempotency-Key": "k1"}
    first = await service.http.post(url, json={"message": "a"}, headers=headers)
    again = await service.http.post(url, json={"message": "a"}, headers=headers)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["etag"] == first.headers["etag"]
    assert await stored(service) == 1
    problem_in(await service.http.post(url, json={"message": "b"}, headers=headers), 409, "conflict")
    other_query = await service.http.post(url + "?x=1", json={"message": "a"}, headers=headers)
    problem_in(other_query, 409, "conflict")


async def test_a_kept_refusal_is_answered_again(service: RunningService) -> None:
    url, headers = f"{BASE}/alerts/a", {"Idempotency-Key": "k2"}
    first = await service.http.post(url, json={"message": "no"}, headers=headers)
    again = await service.http.post(url, json={"message": "no"}, headers=headers)
    assert problem_in(again, 422, "refused-by-rule") == first.json()


async def test_a_dry_run_leaves_no_trace(service: RunningService) -> None:
    url, headers = f"{BASE}/alerts/a", {"Idempotency-Key": "k3"}
    tried = await service.http.post(url + "?dry_run=true", json={"message": "a"}, headers=headers)
    assert (tried.status_code, tried.json()) == (200, {"number": 1, "dry_run": True})
    assert "etag" not in tried.headers
    refused = await service.http.post(url + "?dry_run=true", json={"message": "no"}, headers=headers)
    problem_in(refused, 422, "refused-by-rule")
    assert await stored(service) == 0
    done = await service.http.post(url, json={"message": "a"}, headers=headers)
    assert done.status_code == 201, "a dry run takes no key"


async def test_a_declared_body_over_the_limit_is_not_read(service: RunningService) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("the body was read")

    async def send(message: Message) -> None:
        sent.append(message)

    await service.app(raw_scope([(b"content-length", str(LIMIT + 1).encode())]), receive, send)
    assert sent[0]["status"] == 413
    assert json.loads(sent[1]["body"])["type"] == "urn:zerocarbon:problem:body-too-large"


async def test_a_chunked_body_over_the_limit_is_413(service: RunningService) -> None:
    given = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal given
        for _ in range(100):
            given += 1
            yield b"x" * 1000

    answer = await service.http.post(
        f"{BASE}/alerts/a", content=chunks(), headers={"Content-Type": "application/json"}
    )
    assert "content-length" not in answer.request.headers
    problem_in(answer, 413, "body-too-large")
    assert await stored(service) == 0


async def test_a_malformed_length_is_400(service: RunningService) -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    for lengths in ([b"abc"], [b"-1"], [b"+5"], [b"1_000"], [b""], [b"9" * 30], [b"\xb2"], [b"1", b"2"]):
        sent: list[Message] = []

        async def send(message: Message, sent: list[Message] = sent) -> None:
            sent.append(message)

        headers = [(b"content-length", length) for length in lengths]
        await service.app(raw_scope(headers), receive, send)
        assert sent[0]["status"] == 400, lengths
        assert json.loads(sent[1]["body"])["type"] == "urn:zerocarbon:problem:malformed-request"


async def test_a_factory_that_is_no_id_is_an_invalid_field(service: RunningService) -> None:
    form = "0190a000-0000-7000-8000-0000000000ff"
    assert (await service.http.get(f"{BASE}/factories/{form}")).status_code == 200
    answer = await service.http.get(f"{BASE}/factories/cell-plant")
    assert problem_in(answer, 422, "invalid-request")["errors"][0]["pointer"] == "/factory_id"


async def test_request_ids_are_kept_where_they_are_plain(service: RunningService) -> None:
    given = await service.http.get("/livez", headers={"X-Request-Id": "abc-1"})
    assert given.headers["x-request-id"] == "abc-1"
    for odd in ("a b", "x" * 65, 'a"}', ""):
        answer = await service.http.get("/livez", headers={"X-Request-Id": odd})
        assert answer.headers["x-request-id"] not in (odd, "abc-1")


def raw_scope(headers: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    """A request as a server hands it over, for what no client library would send."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": f"{BASE}/alerts/a",
        "raw_path": f"{BASE}/alerts/a".encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"authorization", f"Bearer {ADMIN_KEY}".encode()), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("service", 80),
    }
