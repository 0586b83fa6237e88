"""The OpenAPI document: what every operation has in common is written here and not at every route.

Names, summaries, request examples and the problems that can be answered; FastAPI's own form of a validation
error goes, because nothing here answers it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from zerocarbon.common.http.problem_response import MEDIA_TYPE
from zerocarbon.contracts.example import example_of

METHODS = ("get", "put", "post", "patch", "delete")
SAFE = ("get",)
JSON = "application/json"
Document = dict[str, Any]

_PROBLEM: Document = {
    "type": "object",
    "title": "Problem",
    "description": "Why a request was not served (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:zerocarbon:problem:refused-by-rule"]},
        "title": {"type": "string", "examples": ["Refused by rule"]},
        "status": {"type": "integer", "examples": [422]},
        "detail": {"type": "string", "examples": ["the reading of 2024-01-01T00:15:00Z is negative"]},
        "errors": {
            "type": "array",
            "description": "Every broken rule of the request, at once.",
            "items": {
                "type": "object",
                "required": ["rule", "message"],
                "properties": {
                    "rule": {"type": "string", "examples": ["negative-quantity"]},
                    "message": {"type": "string", "examples": ["a quantity of this kind is not negative"]},
                    "pointer": {
                        "type": "string",
                        "description": "JSON pointer of the field.",
                        "examples": ["/series/0/readings/1"],
                    },
                    "row": {"type": "integer", "description": "Row of a file, from 1.", "examples": [17]},
                    "in": {"type": "string", "enum": ["body", "path", "query", "header"]},
                },
            },
        },
    },
}
PROBLEMS: dict[int, str] = {
    400: "The request cannot be read.",
    401: "No valid credential.",
    403: "None of the caller's roles allows this here.",
    404: "Not there, or not visible to the caller.",
    409: "The key or identity stands for something else, or a concurrent change won.",
    412: "The version in `If-Match` is no longer the current one.",
    413: "The body is over the limit.",
    422: "Invalid fields, or refused by rule; all of them are named.",
    500: "A fault of the service, logged under the `X-Request-Id` of the answer.",
    503: "The database does not answer; ask again.",
}
"""The problems of all routes, by status. Which of them an operation declares follows from its shape."""


def operation_id(route: APIRoute) -> str:
    """`ingest.record_readings`: the service and the function, whatever the path."""
    return f"{route.path_format.split('/')[1]}.{route.name}"


def install(app: FastAPI) -> None:
    """Lets `app` give this document. Made once, when it is first asked for."""

    def document() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(
                get_openapi(title=app.title, version=app.version, routes=app.routes, description=DESCRIPTION)
            )
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


DESCRIPTION = (
    "Inventories, certificates and claims of factories. Quantities are exact decimals, written as strings;"
    " instants are UTC; periods are half-open. Commands take an `Idempotency-Key`, `dry_run=true`, and"
    " `If-Match` where versions matter."
)


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    """Path, method and operation of everything in a document."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _completed(document: Document) -> Document:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _PROBLEM
    for path, method, operation in operations(document):
        text = operation.get("description", "")
        operation["summary"] = text.split(". ")[0].splitlines()[0].rstrip(".") if text else ""
        responses = operation["responses"]
        responses.pop("422", None)  # FastAPI's form
        for status in _statuses(path, method, operation):
            responses.setdefault(str(status), _problem_response(status))
        for media in operation.get("requestBody", {}).get("content", {}).values():
            if "example" not in media and "examples" not in media:
                media["example"] = example_of(media["schema"], schemas)
    return document


def _statuses(path: str, method: str, operation: Document) -> Iterator[int]:
    if "security" in operation:
        yield from (401, 403)
    if "{" in path:
        yield 404
    if method not in SAFE:
        yield from (400, 409, 412, 413)
    if "parameters" in operation or method not in SAFE:
        yield 422
    yield from (500, 503)


def _problem_response(status: int) -> Document:
    return {
        "description": PROBLEMS[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
