"""Forms that arrived whole: a body that was cut off is answered as such, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from python_multipart.multipart import parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

CUT_OFF = "the body is cut off; nothing of it was recorded. Send it again"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class WholeFormRoute(APIRoute):
    """A route that takes a multipart form.

    The framework's parser does not tell the end of a body from the end of a form: a file that is cut in the
    middle would be reported as a missing field, and its temporary file left open. Here the body, bounded by
    the limit of the application, is taken first and parsed only when its closing delimiter is there.
    """

    def get_route_handler(self) -> Handler:
        """The framework's handler, behind the check."""
        handle = super().get_route_handler()

        async def whole(request: Request) -> Response:
            try:
                body = await request.body()
            except ClientDisconnect:
                raise HTTPException(400, CUT_OFF) from None
            declared = request.headers.get("content-length")
            if declared is not None and int(declared) > len(body):
                raise HTTPException(400, f"{CUT_OFF}: {len(body)} of {declared} bytes came")
            if not _ended(request.headers.get("content-type", ""), body):
                raise HTTPException(400, f"{CUT_OFF}: its closing boundary is missing")
            return await handle(request)

        return whole


def _ended(content_type: str, body: bytes) -> bool:
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or boundary is None:
        return True  # No form: the framework says so.
    closing = b"--" + boundary + b"--"
    return body.startswith(closing) or b"\r\n" + closing in body
