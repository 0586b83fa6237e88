"""What went wrong, as a problem document: one mapping for REST and gRPC, so that they never differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncpg
from pydantic import ValidationError

from zerocarbon.common.eventstore.store import ClockMovedBack, EventTooLarge, VersionConflict
from zerocarbon.common.identity.access import Denied, Unauthenticated
from zerocarbon.common.postgres.driver import DRIVER_LOST
from zerocarbon.common.problem import problem, refusal_problem
from zerocarbon.common.refusal import Conflict, NotFound, PreconditionFailed, Refused

Document = dict[str, Any]


class InvalidRequest(Exception):
    """A request that breaks its schema. A `ValidationError` met elsewhere is a fault of ours, not this."""

    def __init__(self, error: ValidationError) -> None:
        super().__init__(str(error))
        self.error = error


def invalid_fields(errors: list[dict[str, Any]]) -> Document:
    """The problem of a request with invalid fields, each already in the form of an error."""
    found = "1 field is invalid" if len(errors) == 1 else f"{len(errors)} fields are invalid"
    return problem("invalid-request", "Invalid request", 422, found, errors=errors)


def pointer(location: tuple[int | str, ...]) -> str:
    """The JSON pointer (RFC 6901) of a place in a body; the body as a whole is the empty text."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)


def _invalid(error: InvalidRequest) -> Document:
    found = error.error.errors(include_url=False, include_input=False, include_context=False)
    return invalid_fields(
        [
            {"rule": item["type"], "message": item["msg"], "pointer": pointer(item["loc"]), "in": "body"}
            for item in found
        ]
    )


def _unauthenticated(_error: Unauthenticated) -> Document:
    return problem("unauthenticated", "Unauthorized", 401, "a valid bearer credential is needed")


def _denied(_error: Denied) -> Document:
    return problem("denied", "Not allowed", 403, "none of your roles allows this here")


def _missing(error: NotFound) -> Document:
    return problem("not-found", "Not found", 404, str(error))


def _conflict(error: Conflict) -> Document:
    return problem("conflict", "Conflict", 409, error.message, rule=error.rule)


def _outrun(error: VersionConflict) -> Document:
    return problem("concurrent-change", "Concurrent change", 409, str(error))


def _clock(error: ClockMovedBack) -> Document:
    return problem("clock-moved-back", "The business clock moved back", 409, str(error))


def _too_large(error: EventTooLarge) -> Document:
    return problem("event-too-large", "Too much for one event", 422, str(error))


def _precondition(error: PreconditionFailed) -> Document:
    return problem("precondition-failed", "Changed meanwhile", 412, str(error))


KNOWN: dict[type[Exception], Callable[[Any], Document]] = {
    Refused: refusal_problem,
    Unauthenticated: _unauthenticated,
    Denied: _denied,
    NotFound: _missing,
    Conflict: _conflict,
    ClockMovedBack: _clock,  # before the class that it belongs to
    VersionConflict: _outrun,
    EventTooLarge: _too_large,
    PreconditionFailed: _precondition,
    InvalidRequest: _invalid,
}
"""The exceptions that say what was wrong; whatever else is raised is a fault of ours."""


_DATABASE_LOST = (
    ConnectionError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    *DRIVER_LOST,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
)
_UNSTORABLE = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)


def problem_of(error: Exception) -> Document:
    """The problem document of an exception; an unknown one is an internal fault that tells nothing."""
    for kind, document in KNOWN.items():
        if isinstance(error, kind):
            return document(error)
    if isinstance(error, _UNSTORABLE):
        return problem(
            "invalid-request",
            "Invalid request",
            422,
            "a text holds a character that cannot be stored (U+0000)",
        )
    if isinstance(error, _DATABASE_LOST) or _socket_missing(error):
        return problem(
            "unavailable",
            "Not available",
            503,
            "the database does not answer; ask again, with the same Idempotency-Key where one was given",
        )
    return problem("fault", "Internal fault", 500, "the fault was logged under the id of this request")


def _socket_missing(error: Exception) -> bool:
    # A unix socket that is gone is an OSError that names no file; other files are a fault of ours.
    return isinstance(error, OSError) and error.filename is None
