"""Problem documents (RFC 9457) as gRPC rich status (google.rpc), and back.

The document travels as JSON in the metadata of `ErrorInfo`; fields that broke a rule stand in `BadRequest`
besides, where gRPC clients look for them.
"""

from __future__ import annotations

import json
from typing import Any

from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2

DOMAIN = "zerocarbon"
DETAILS = "grpc-status-details-bin"
MAX_BYTES = 5 * 1024
"""Clients accept 8 KiB of metadata by default, and binary metadata grow by a third on the way."""

_CODES: dict[str, int] = {
    "invalid-request": code_pb2.INVALID_ARGUMENT,
    "refused-by-rule": code_pb2.FAILED_PRECONDITION,
    "statement-refused": code_pb2.FAILED_PRECONDITION,
    "unauthenticated": code_pb2.UNAUTHENTICATED,
    "denied": code_pb2.PERMISSION_DENIED,
    "not-found": code_pb2.NOT_FOUND,
    "conflict": code_pb2.ALREADY_EXISTS,
    "concurrent-change": code_pb2.ABORTED,
    "clock-moved-back": code_pb2.FAILED_PRECONDITION,
    "precondition-failed": code_pb2.ABORTED,
    "body-too-large": code_pb2.RESOURCE_EXHAUSTED,
}
_BY_HTTP: dict[int, int] = {
    400: code_pb2.INVALID_ARGUMENT,
    401: code_pb2.UNAUTHENTICATED,
    403: code_pb2.PERMISSION_DENIED,
    404: code_pb2.NOT_FOUND,
    409: code_pb2.ABORTED,
    412: code_pb2.ABORTED,
    413: code_pb2.RESOURCE_EXHAUSTED,
    422: code_pb2.FAILED_PRECONDITION,
    503: code_pb2.UNAVAILABLE,
}


def kind_of(document: dict[str, Any]) -> str:
    """The last part of a problem's type, such as `not-found`."""
    return str(document["type"]).rsplit(":", 1)[-1]


def status_of(document: dict[str, Any]) -> status_pb2.Status:
    """The rich status of a problem: its code, `ErrorInfo`, and `BadRequest` where fields are named.

    What does not fit into the metadata of an answer is left out in the order: extension members, then the
    errors inside `ErrorInfo` (they still stand in `BadRequest`), then the errors at the end of `BadRequest`.
    """
    core = {name: document[name] for name in ("type", "title", "status", "detail")}
    errors: list[dict[str, Any]] = document.get("errors", [])
    with_errors = {**core, "errors": errors} if errors else core
    for told in (document, with_errors, core):
        status = _status(document, told, errors)
        if status.ByteSize() <= MAX_BYTES:
            return status
    while errors and status.ByteSize() > MAX_BYTES:
        errors = errors[: len(errors) // 2]
        status = _status(document, core, errors)
    return status


def _status(
    document: dict[str, Any], told: dict[str, Any], errors: list[dict[str, Any]]
) -> status_pb2.Status:
    kind = kind_of(document)
    info = error_details_pb2.ErrorInfo(
        reason=kind.upper().replace("-", "_"),
        domain=DOMAIN,
        metadata={"problem": json.dumps(told, ensure_ascii=False, sort_keys=True)},
    )
    details = [_packed(info)]
    if errors:
        details.append(_packed(_bad_request(errors)))
    code = _CODES.get(kind, _BY_HTTP.get(int(document["status"]), code_pb2.INTERNAL))
    return status_pb2.Status(code=code, message=str(document["detail"])[:1000], details=details)


def problem_in(status: status_pb2.Status) -> dict[str, Any] | None:
    """The problem document that a rich status carries, for clients and tests."""
    for detail in status.details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info) and info.domain == DOMAIN:
            document: dict[str, Any] = json.loads(info.metadata["problem"])
            return document
    return None


def _bad_request(errors: list[dict[str, Any]]) -> error_details_pb2.BadRequest:
    return error_details_pb2.BadRequest(
        field_violations=[
            error_details_pb2.BadRequest.FieldViolation(
                field=_field(error.get("pointer", "")),
                description=f"{error['rule']}: {error['message']}",
            )
            for error in errors
        ]
    )


def _field(pointer: str) -> str:
    """`/targets/0/scope` as google.rpc writes it: `targets[0].scope`."""
    path = ""
    for part in pointer.strip("/").split("/"):
        path += f"[{part}]" if part.isdigit() else f".{part}"
    return path.lstrip(".")


def _packed(message: Any) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed
