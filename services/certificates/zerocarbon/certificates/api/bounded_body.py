"""The body of a request from somebody who has not shown yet who it is: read up to a bound, no further."""

from __future__ import annotations

from fastapi import Request


class BodyTooLarge(Exception):
    """More bytes came than the bound allows; what is left of them was not read."""

    def __init__(self, most: int) -> None:
        super().__init__(f"at most {most} bytes are accepted")


async def bounded_body(request: Request, most: int) -> bytes:
    """The whole body, of at most that many bytes, whether or not its length was declared.

    Raises:
        BodyTooLarge: the connection cannot carry another request.
    """
    declared = request.headers.get("content-length", "0")
    # A length that is not one number was refused before any route was asked.
    if declared.isdecimal() and int(declared) > most:
        raise BodyTooLarge(most)
    parts: list[bytes] = []
    seen = 0
    async for part in request.stream():
        seen += len(part)
        if seen > most:
            raise BodyTooLarge(most)
        parts.append(part)
    return b"".join(parts)
