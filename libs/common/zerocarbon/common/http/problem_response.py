"""A problem document as an HTTP response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi.responses import JSONResponse

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 1


def problem_response(document: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The response of a problem: its status, its media type, and the headers that its status calls for."""
    status = int(document["status"])
    wanted = dict(headers or {})
    if status == 401:
        wanted.setdefault("WWW-Authenticate", "Bearer")
    if status == 503:
        wanted.setdefault("Retry-After", str(RETRY_AFTER_SECONDS))
    return JSONResponse(dict(document), status, headers=wanted, media_type=MEDIA_TYPE)
