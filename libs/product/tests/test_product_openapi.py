"""The OpenAPI document of all four services: complete for every operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from zerocarbon.common.assembly import assemble
from zerocarbon.common.bus.embedded import EmbeddedBus
from zerocarbon.common.clock import MachineClock
from zerocarbon.common.eventstore.notifier import Notifier
from zerocarbon.common.http.app import create_app
from zerocarbon.common.http.openapi import PROBLEMS, operations
from zerocarbon.common.postgres.database import Database, Limits
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.product.catalogue import SERVICES
from zerocarbon.product.main import NAMES

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"
NAME = re.compile(r"(ingest|accounting|certificates|declaration)\.[a-z][a-z0-9_]*")
Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def app() -> FastAPI:
    contexts = []
    consumers = {}
    for name, service in SERVICES.items():
        database = Database(Urls(NOWHERE, NOWHERE, NOWHERE), name, Limits())
        bus = EmbeddedBus({})
        notifier = Notifier(database)
        contexts.append(assemble(name, database, bus, MachineClock(), notifier, data_directory=Path()))
        consumers[name] = service.consumers(contexts[-1], bus)
    routers = [it for one in SERVICES.values() for it in one.routers]
    return create_app(contexts, routers, [], 1024, consumers=consumers)


@pytest.fixture(scope="module")
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


@pytest.fixture(scope="module")
def found(document: dict[str, Any]) -> list[Operation]:
    return list(operations(document))


OPEN = {
    "/declaration/v1/keys",
    "/declaration/v1/keys.pem",
    # What schemes rule is published by them, and no tenant's.
    "/certificates/v1/schemes",
    "/certificates/v1/schemes/acceptance",
    # Signed by the registry (Standard Webhooks).
    "/certificates/v1/registries/{registry}/notices",
}


def public(path: str) -> bool:
    """What anybody may ask: published snapshots, public keys, and what signs for itself."""
    return "/public/" in path or path in OPEN


def test_every_service_is_in_it(found: list[Operation]) -> None:
    assert {path.split("/")[1] for path, _, _ in found} == set(SERVICES) == set(NAMES)
    assert len(found) > 40


def test_names_are_stable_and_unique(found: list[Operation]) -> None:
    names = [operation["operationId"] for _, _, operation in found]
    assert len(set(names)) == len(names)
    for (path, _, _), name in zip(found, names, strict=True):
        assert NAME.fullmatch(name), name
        assert name.split(".")[0] == path.split("/")[1]


def test_every_operation_says_what_it_does(found: list[Operation]) -> None:
    for path, method, operation in found:
        assert 10 <= len(operation["summary"]) <= 160, (path, method, operation["summary"])
        assert operation["description"].startswith(operation["summary"]), path
        assert operation["tags"], path


def test_every_operation_declares_its_problems(document: dict[str, Any], found: list[Operation]) -> None:
    for path, method, operation in found:
        responses = operation["responses"]
        wanted = {500, 503}
        if "{" in path:
            wanted |= {404, 422}
        if "security" in operation:
            wanted |= {401, 403}
        if method != "get":
            wanted |= {400, 409, 412, 413, 422}
        for status in wanted:
            content = responses[str(status)]["content"]
            assert content == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }, (path, status)
        assert wanted <= PROBLEMS.keys()
        assert any(status.startswith("2") for status in responses), path
    schemas = document["components"]["schemas"]
    assert "HTTPValidationError" not in schemas
    assert schemas["Problem"]["required"] == ["type", "title", "status", "detail"]


def test_every_operation_but_public_ones_asks_who_asks(
    document: dict[str, Any], found: list[Operation]
) -> None:
    scheme = document["components"]["securitySchemes"]["bearer"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    for path, _, operation in found:
        assert (operation.get("security") == [{"bearer": []}]) != public(path), path


def test_every_body_has_an_example_that_its_schema_accepts(
    document: dict[str, Any], found: list[Operation]
) -> None:
    for path, _, operation in found:
        for media_type, media in operation.get("requestBody", {}).get("content", {}).items():
            shown = media.get("example", media.get("examples"))
            assert shown, (path, media_type)
            schema = {**media["schema"], "components": document["components"]}
            errors = list(Draft202012Validator(schema).iter_errors(media["example"]))
            assert not errors, (path, errors)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    def references(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            for name, member in cast("dict[str, object]", node).items():
                if name == "$ref":
                    yield str(member)
                else:
                    yield from references(member)
        elif isinstance(node, list):
            for member in node:
                yield from references(member)

    for reference in references(document):
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]
        assert isinstance(place, dict)


def test_what_is_for_orchestrators_is_not_in_it(app: FastAPI, document: dict[str, Any]) -> None:
    assert not {"/livez", "/readyz", "/metrics"} & document["paths"].keys()
    assert app.openapi() is document
