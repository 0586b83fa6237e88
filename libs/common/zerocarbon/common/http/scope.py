"""Dependencies of routes: who asks, in which organisation, as which command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import Call, UseCase, fingerprint
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.access import Scope, Unauthenticated
from zerocarbon.common.identity.principal import Principal

OrganisationId = Annotated[UUID, Path(description="The organisation whose data this is.")]


def context_of(request: Request, service: str) -> ServiceContext:
    """The parts of the service that a route belongs to; several may live in one process."""
    contexts: dict[str, ServiceContext] = request.app.state.contexts
    return contexts[service]


async def principal_of(request: Request, context: ServiceContext) -> Principal:
    """Who asks, by bearer credential.

    Raises:
        Unauthenticated: no credential, or none that is valid.
    """
    kind, _, credential = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not credential.strip():
        raise Unauthenticated
    for authenticator in context.authenticators:
        principal = await authenticator.authenticate(credential.strip())
        if principal is not None:
            return principal
    raise Unauthenticated


def allow(service: str, *roles: str) -> Callable[..., Awaitable[Scope]]:
    """A dependency: the scope of a principal that has one of `roles` in the organisation of the path."""
    wanted = frozenset(roles)

    async def enter(request: Request, organisation_id: OrganisationId) -> Scope:
        context = context_of(request, service)
        principal = await principal_of(request, context)
        factory = request.path_params.get("factory_id")
        return await context.access.enter(principal, str(organisation_id), wanted, factory)

    return enter


@dataclass(frozen=True, slots=True)
class CommandOptions:
    """How a caller wants a command to be run."""

    idempotency_key: str | None
    dry_run: bool
    if_match: int | None


async def command_options(
    idempotency_key: Annotated[str | None, Header(max_length=200)] = None,
    dry_run: Annotated[bool, Query(description="Do everything, then roll back.")] = False,
    if_match: Annotated[str | None, Header(pattern=r'^"[0-9]+"$')] = None,
) -> CommandOptions:
    """The command options of a request."""
    return CommandOptions(idempotency_key, dry_run, int(if_match.strip('"')) if if_match else None)


async def run(
    request: Request,
    service: str,
    scope: Scope,
    options: CommandOptions,
    use_case: UseCase,
    body: bytes | None = None,
) -> Response:
    """Runs a use case as a command and answers in HTTP.

    `body` is given by routes that take a form: its parts are what makes two requests the same one, and the
    stream that carried them is spent.
    """
    context = context_of(request, service)
    call = Call(
        action=f"{request.method} {request.scope['route'].path}",
        principal=scope.principal,
        organisation_id=scope.organisation_id,
        idempotency_key=options.idempotency_key,
        fingerprint=fingerprint(
            request.method, request.url.path, await request.body() if body is None else body
        ),
        dry_run=options.dry_run,
        if_match=options.if_match,
    )
    return answer_response(await context.commands.run(call, use_case))


def answer_response(answer: Answer) -> Response:
    """An answer in HTTP, with its version as ETag."""
    headers = {"ETag": f'"{answer.version}"'} if answer.version is not None else {}
    media = "application/json" if answer.status < 400 else "application/problem+json"
    return JSONResponse(answer.body, answer.status, headers=headers, media_type=media)
