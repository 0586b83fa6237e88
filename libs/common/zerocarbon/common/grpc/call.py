"""Who calls, and commands over gRPC: the same credentials, keys and answers as over HTTP.

Metadata carry what HTTP headers and queries carry: `authorization: Bearer …`, `idempotency-key`, `dry-run:
true`, `if-match: "7"`.
"""

from __future__ import annotations

from typing import Any, TypeVar

import grpc
from google.protobuf import json_format
from google.protobuf.message import Message
from pydantic import BaseModel, ValidationError

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import Call, UseCase, fingerprint
from zerocarbon.common.fault import InvalidRequest
from zerocarbon.common.grpc.refusing import abort_with
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.access import AskedPeriod, Scope, Unauthenticated, no_period
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.problem import is_problem

DRY_RUN = "dry_run"
M = TypeVar("M", bound=Message)
B = TypeVar("B", bound=BaseModel)


def metadata_of(call: grpc.aio.ServicerContext) -> dict[str, str]:
    """The text metadata of a call, by lower-case name."""
    return {str(name).lower(): value for name, value in call.invocation_metadata() if isinstance(value, str)}


async def principal_of(call: grpc.aio.ServicerContext, context: ServiceContext) -> Principal:
    """Who calls, by bearer credential.

    Raises:
        Unauthenticated: no credential, or none that is valid.
    """
    kind, _, credential = metadata_of(call).get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and credential.strip():
        for authenticator in context.authenticators:
            principal = await authenticator.authenticate(credential.strip())
            if principal is not None:
                return principal
    raise Unauthenticated


async def scope_of(
    call: grpc.aio.ServicerContext,
    context: ServiceContext,
    organisation_id: str,
    roles: frozenset[str],
    factory_id: str | None = None,
    asked_period: AskedPeriod = no_period,
) -> Scope:
    """The scope of a caller that has one of `roles` in the organisation; see `Access.enter`.

    Raises:
        Unauthenticated: nobody proved who calls.
        Denied: none of `roles` is the caller's here.
    """
    principal = await principal_of(call, context)
    return await context.access.enter(principal, organisation_id, roles, factory_id, asked_period)


async def run(
    call: grpc.aio.ServicerContext,
    context: ServiceContext,
    scope: Scope,
    use_case: UseCase,
    *,
    action: str,
    request: Message,
) -> Answer:
    """Runs a use case as a command; an answer that is a problem ends the call with it.

    The answer of a dry run is the same message; trailing metadata `dry-run: true` says that nothing was done.
    """
    metadata = metadata_of(call)
    if_match = metadata.get("if-match", "").strip('"')
    answer = await context.commands.run(
        Call(
            action=action,
            principal=scope.principal,
            organisation_id=scope.organisation_id,
            idempotency_key=metadata.get("idempotency-key"),
            fingerprint=fingerprint("GRPC", action, request.SerializeToString(deterministic=True)),
            dry_run=metadata.get("dry-run", "").lower() == "true",
            if_match=int(if_match) if if_match.isdigit() else None,
        ),
        use_case,
    )
    if is_problem(answer.body):
        await abort_with(call, answer.body)
    if DRY_RUN in answer.body:
        call.set_trailing_metadata((("dry-run", "true"),))
    return answer


def body_of(request: Message, model: type[B]) -> B:
    """A request as the model that REST checks it with: the same fields, the same errors.

    Raises:
        InvalidRequest: a field breaks the schema.
    """
    try:
        return model.model_validate(
            json_format.MessageToDict(
                request, preserving_proto_field_name=True, always_print_fields_with_no_presence=True
            )
        )
    except ValidationError as error:
        raise InvalidRequest(error) from error


def message_of(body: dict[str, Any], kind: type[M]) -> M:
    """An answer's body as a message. A field that the message lacks is a fault of ours and raises; only the
    mark of a dry run may be missing there, because metadata carry it too."""
    if DRY_RUN not in kind.DESCRIPTOR.fields_by_name:
        body = {name: value for name, value in body.items() if name != DRY_RUN}
    return json_format.ParseDict(body, kind())
