"""Faults and refusals as problem documents (RFC 9457)."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from zerocarbon.common.command.metrics import REFUSALS
from zerocarbon.common.fault import KNOWN, invalid_fields, pointer, problem_of
from zerocarbon.common.http.problem_response import problem_response
from zerocarbon.common.problem import problem
from zerocarbon.common.refusal import Refused

_KINDS = {400: "malformed-request", 404: "not-found", 405: "method-not-allowed", 413: "body-too-large"}


async def _known(_request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, Refused):
        for violation in error.violations:
            REFUSALS.labels(violation.rule).inc()
    return problem_response(problem_of(error))


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    for item in found:
        if item["type"] == "json_invalid":
            return problem_response(_not_json(item))
    return problem_response(invalid_fields(_once([_field(item) for item in found])))


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase
    kind = _KINDS.get(error.status_code, "http")
    # The headers go along: a 405 without `Allow` would not say what is allowed.
    return problem_response(problem(kind, title, error.status_code, str(error.detail)), error.headers)


def _not_json(item: dict[str, Any]) -> dict[str, Any]:
    place = item["loc"][-1]
    reason = item.get("ctx", {}).get("error", item["msg"])
    return problem(
        "malformed-request", "Not JSON", 400, f"the body is not JSON: {reason} at character {place}"
    )


def _once(errors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # A parameter that a route and its dependencies both declare is checked, and found wrong, by each.
    kept: list[dict[str, Any]] = []
    for error in errors:
        if error not in kept:
            kept.append(error)
    return kept


def _field(item: dict[str, Any]) -> dict[str, Any]:
    location: Sequence[int | str] = item["loc"]
    return {
        "rule": item["type"],
        "message": item["msg"],
        "pointer": pointer(tuple(location[1:])),
        "in": location[0],
    }


def install(app: FastAPI) -> None:
    """Registers the handlers. What none of them knows ends in `Observe`."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for kind in KNOWN:
        app.add_exception_handler(kind, _known)
