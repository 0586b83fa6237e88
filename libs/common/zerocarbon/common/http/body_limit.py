"""Refuses a body over the limit before it is read."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from zerocarbon.common.http.problem_response import problem_response
from zerocarbon.common.problem import problem

LONGEST_LENGTH = 18
"""Digits of a `Content-Length` that can be meant."""


class _TooLarge(Exception):
    """Ends the reading of a body; nobody outside sees it."""


class BodyLimit:
    """ASGI middleware: by the declared length at once, by the counted length for bodies without one."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._by_declaration(Headers(scope=scope).getlist("content-length"))
        if refusal is not None:
            await _refuse(refusal, scope, receive, send)
            return
        seen, started = 0, False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limit:
                raise _TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            # A framework may catch what ended the reading and answer on its own: that answer is dropped.
            if seen > self._limit and not started:
                return
            started = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLarge:
            if started:
                raise
        if seen > self._limit and not started:
            await _refuse(self._too_large(), scope, receive, send)

    def _by_declaration(self, declared: list[str]) -> dict[str, Any] | None:
        if not declared:
            return None
        # Not int(): that takes signs, blanks, underscores and other scripts' digits.
        plain = all(length.isascii() and length.isdigit() for length in declared)
        if not plain or len(set(declared)) > 1 or len(declared[0]) > LONGEST_LENGTH:
            return problem(
                "malformed-request", "Bad Request", 400, "Content-Length is not one number of bytes"
            )
        return self._too_large() if int(declared[0]) > self._limit else None

    def _too_large(self) -> dict[str, Any]:
        return problem("body-too-large", "Body too large", 413, f"at most {self._limit} bytes are accepted")


async def _refuse(document: dict[str, Any], scope: Scope, receive: Receive, send: Send) -> None:
    # What is left of the body is not read: the connection cannot carry another request.
    await problem_response(document, {"Connection": "close"})(scope, receive, send)
