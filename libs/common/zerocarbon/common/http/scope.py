"""Dependencies of routes: who asks, in which organisation, as which command."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Header, Path, Query, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import Call, UseCase, fingerprint
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.http.problem_response import problem_response
from zerocarbon.common.identity.access import (
    Denied,
    Period,
    Scope,
    Unauthenticated,
)
from zerocarbon.common.identity.principal import Principal

OrganisationId = Annotated[UUID, Path(description="The organisation whose data this is.")]

BEARER = HTTPBearer(
    scheme_name="bearer",
    description="An API key, or an access token of the installation's OpenID Connect provider.",
    auto_error=False,
)
"""Declares the scheme to readers of the OpenAPI document; `principal_of` does the work and refuses."""

PeriodOf = Callable[[Request, ServiceContext, UUID], Awaitable[Period | None]]
"""Finds the period that a request to a route is about, in local dates of the factory."""


def context_of(request: Request, service: str) -> ServiceContext:
    """The parts of the service that a route belongs to; several may live in one process."""
    contexts: dict[str, ServiceContext] = request.app.state.contexts
    return contexts[service]


async def principal_of(request: Request, context: ServiceContext) -> Principal:
    """Who asks, by bearer credential.

    Raises:
        Unauthenticated: no credential, or none that is valid.
    """
    given = request.headers.getlist("authorization")
    kind, _, credential = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if kind.lower() != "bearer" or not credential.strip():
        raise Unauthenticated
    for authenticator in context.authenticators:
        principal = await authenticator.authenticate(credential.strip())
        if principal is not None:
            return principal
    raise Unauthenticated


def allow(service: str, *roles: str, period: PeriodOf | None = None) -> Callable[..., Awaitable[Scope]]:
    """A dependency: the scope of a principal that has one of `roles` in the organisation of the path.

    Grants for one factory open only paths that name it. Grants for one period open only routes that say, by
    `period`, which period a request is about; it is looked up for those alone who are no members.
    """
    wanted = frozenset(roles)

    async def enter(
        request: Request,
        organisation_id: OrganisationId,
        _declared: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)] = None,
    ) -> Scope:
        context = context_of(request, service)
        principal = await principal_of(request, context)

        async def asked_period() -> Period | None:
            return await period(request, context, organisation_id) if period is not None else None

        return await context.access.enter(
            principal, str(organisation_id), wanted, _factory(request), asked_period
        )

    return enter


def installation_admin(service: str) -> Callable[..., Awaitable[Principal]]:
    """A dependency: only the installation's administrator, for what belongs to no organisation."""

    async def enter(
        request: Request, _declared: Annotated[HTTPAuthorizationCredentials | None, Security(BEARER)] = None
    ) -> Principal:
        principal = await principal_of(request, context_of(request, service))
        if not principal.installation_admin:
            raise Denied
        return principal

    return enter


def _factory(request: Request) -> str | None:
    named = request.path_params.get("factory_id")
    if named is None:
        return None
    try:
        return str(UUID(str(named)))
    except ValueError:
        # Routes check their own parameters, but only after their dependencies: this one.
        raise RequestValidationError(
            [{"type": "uuid_parsing", "loc": ("path", "factory_id"), "msg": "not a UUID", "input": named}]
        ) from None


@dataclass(frozen=True, slots=True)
class CommandOptions:
    """How a caller wants a command to be run."""

    idempotency_key: str | None
    dry_run: bool
    if_match: int | None


async def command_options(
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            description="The same key and request again gives the same answer, without a second effect.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, Query(description="Do everything, then roll back; takes no key and leaves no trace.")
    ] = False,
    if_match: Annotated[
        str | None,
        Header(pattern=r'^"[0-9]{1,18}"$', description="The `ETag` that the caller has seen; else 412."),
    ] = None,
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
    address = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    call = Call(
        action=f"{request.method} {request.scope['route'].path}",
        principal=scope.principal,
        organisation_id=scope.organisation_id,
        idempotency_key=options.idempotency_key,
        fingerprint=fingerprint(request.method, address, await request.body() if body is None else body),
        dry_run=options.dry_run,
        if_match=options.if_match,
    )
    return answer_response(await context.commands.run(call, use_case))


def answer_response(answer: Answer) -> Response:
    """An answer in HTTP, with its version as ETag."""
    headers = {"ETag": f'"{answer.version}"'} if answer.version is not None else {}
    if answer.status >= 400:
        return problem_response(answer.body, headers)
    return JSONResponse(answer.body, answer.status, headers=headers)
