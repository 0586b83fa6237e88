"""Faults and refusals as problem documents (RFC 9457)."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from zerocarbon.common.eventstore.store import ClockMovedBack, VersionConflict
from zerocarbon.common.identity.access import Denied, Unauthenticated
from zerocarbon.common.problem import problem, refusal_problem
from zerocarbon.common.refusal import Conflict, NotFound, PreconditionFailed, Refused

_log = structlog.get_logger(__name__)


def _response(body: dict[str, Any], headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(body, body["status"], headers=headers, media_type="application/problem+json")


def _pointer(location: tuple[int | str, ...]) -> str:
    return "/" + "/".join(str(part) for part in location[1:])


def install(app: FastAPI) -> None:
    """Registers the handlers."""

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> JSONResponse:
        errors = [
            {
                "rule": item["type"],
                "message": item["msg"],
                "pointer": _pointer(item["loc"]),
                "in": item["loc"][0],
            }
            for item in error.errors()
        ]
        return _response(
            problem(
                "invalid-request", "Invalid request", 422, f"{len(errors)} fields are invalid", errors=errors
            )
        )

    @app.exception_handler(Refused)
    async def refused(_request: Request, error: Refused) -> JSONResponse:
        return _response(refusal_problem(error))

    @app.exception_handler(Unauthenticated)
    async def unauthenticated(_request: Request, _error: Unauthenticated) -> JSONResponse:
        body = problem("unauthenticated", "Who asks?", 401, "a valid bearer credential is needed")
        return _response(body, {"WWW-Authenticate": "Bearer"})

    @app.exception_handler(Denied)
    async def denied(_request: Request, _error: Denied) -> JSONResponse:
        return _response(problem("denied", "Not allowed", 403, "none of your roles allows this here"))

    @app.exception_handler(NotFound)
    async def missing(_request: Request, error: NotFound) -> JSONResponse:
        return _response(problem("not-found", "Not found", 404, str(error)))

    @app.exception_handler(Conflict)
    async def conflict(_request: Request, error: Conflict) -> JSONResponse:
        return _response(problem("conflict", "Conflict", 409, error.message, rule=error.rule))

    @app.exception_handler(VersionConflict)
    async def outrun(_request: Request, error: VersionConflict) -> JSONResponse:
        return _response(problem("concurrent-change", "Concurrent change", 409, str(error)))

    @app.exception_handler(ClockMovedBack)
    async def clock(_request: Request, error: ClockMovedBack) -> JSONResponse:
        return _response(problem("clock-moved-back", "The business clock moved back", 409, str(error)))

    @app.exception_handler(PreconditionFailed)
    async def precondition(_request: Request, error: PreconditionFailed) -> JSONResponse:
        return _response(problem("precondition-failed", "Changed meanwhile", 412, str(error)))

    @app.exception_handler(HTTPException)
    async def http(_request: Request, error: HTTPException) -> JSONResponse:
        return _response(problem("http", str(error.detail), error.status_code, str(error.detail)))

    @app.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> JSONResponse:
        _log.error("request failed", path=request.url.path, exc_info=error)
        return _response(problem("fault", "Internal fault", 500, "the fault was logged; nothing was changed"))
