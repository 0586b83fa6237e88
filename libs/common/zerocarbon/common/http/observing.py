"""Around every request: its id, its trace, its log line, its metrics, and the end of every fault."""

from __future__ import annotations

import re
import time

import structlog
from opentelemetry.trace import Span
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zerocarbon.common.fault import problem_of
from zerocarbon.common.http.metrics import REQUESTS, SECONDS
from zerocarbon.common.http.problem_response import problem_response
from zerocarbon.common.ids import new_id
from zerocarbon.common.telemetry.logs import bound
from zerocarbon.common.telemetry.tracing import continued

HEADER = "X-Request-Id"
QUIET = frozenset({"/livez", "/readyz", "/metrics"})
UNMATCHED = "unmatched"
ABORTED = 499
"""The status in logs and metrics of a request whose caller went away before there was an answer."""

_GIVEN = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log = structlog.get_logger(__name__)


class Observe:
    """ASGI middleware, the outermost. A caller's `X-Request-Id` is kept where it is a plain short name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get(HEADER, "")
        request_id = given if _GIVEN.fullmatch(given) else new_id()
        begun, status = time.perf_counter(), ABORTED

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        with (
            continued(scope["method"], headers.get("traceparent"), headers.get("tracestate")) as span,
            bound(request_id=request_id),
        ):
            try:
                await self._app(scope, receive, watched)
            except Exception as error:
                _log.error("request failed", method=scope["method"], path=scope["path"], exc_info=error)
                if status != ABORTED:
                    raise  # The answer has begun: only a broken connection still tells the truth.
                await problem_response(problem_of(error))(scope, receive, watched)
            finally:
                _tell(scope, span, status, time.perf_counter() - begun)


def _tell(scope: Scope, span: Span, status: int, seconds: float) -> None:
    route = getattr(scope.get("route"), "path", UNMATCHED)
    method = scope["method"] if scope["method"] in _METHODS else "other"
    service = route.split("/")[1] if route != UNMATCHED else UNMATCHED
    REQUESTS.labels(service, method, route, status).inc()
    SECONDS.labels(service, method, route).observe(seconds)
    span.update_name(f"{method} {route}")
    span.set_attributes(
        {"http.request.method": method, "http.route": route, "http.response.status_code": status}
    )
    if route not in QUIET:
        _log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))
