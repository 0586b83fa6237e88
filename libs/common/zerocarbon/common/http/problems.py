"""Faults and refusals as problem documents (RFC 9457)."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from zerocarbon.common.fault import KNOWN, invalid_fields, pointer, problem_of
from zerocarbon.common.identity.access import Unauthenticated
from zerocarbon.common.problem import problem

_log = structlog.get_logger(__name__)


def _response(body: dict[str, Any], headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(body, body["status"], headers=headers, media_type="application/problem+json")


async def _known(_request: Request, error: Exception) -> JSONResponse:
    challenge = {"WWW-Authenticate": "Bearer"} if isinstance(error, Unauthenticated) else None
    return _response(problem_of(error), challenge)


def install(app: FastAPI) -> None:
    """Registers the handlers."""

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [
            {
                "rule": item["type"],
                "message": item["msg"],
                "pointer": pointer(item["loc"][1:]),
                "in": item["loc"][0],
            }
            for item in error.errors()
        ]
        return _response(invalid_fields(errors))

    for kind in KNOWN:
        app.add_exception_handler(kind, _known)

    @app.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> JSONResponse:
        return _response(problem("http", str(error.detail), error.status_code, str(error.detail)))

    @app.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> JSONResponse:
        _log.error("request failed", path=request.url.path, exc_info=error)
        return _response(problem_of(error))
