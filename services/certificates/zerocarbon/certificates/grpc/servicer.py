"""`zerocarbon.api.certificates.v1.CertificateService`."""

# ruff: noqa: N802 - methods bear the names of the gRPC contract

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import grpc

from zerocarbon.api.certificates.v1 import certificate_service_pb2 as messages
from zerocarbon.api.certificates.v1 import certificate_service_pb2_grpc as generated
from zerocarbon.certificates.service import cursor, reading, retirements
from zerocarbon.certificates.service.forms import ReleaseForm, RetirementForm
from zerocarbon.certificates.service.roles import ACTING, READING
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.composition import GrpcRegistration
from zerocarbon.common.grpc.call import body_of, message_of, run, scope_of
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.access import Scope
from zerocarbon.common.refusal import refuse

NAME = str(messages.DESCRIPTOR.services_by_name["CertificateService"].full_name)
PAGE, MOST = 100, 1000


class CertificateServicer(generated.CertificateServiceServicer):
    """Each method is the REST route of the same name. What it raises leaves the server as rich status."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    async def Reserve(self, request: Any, call: grpc.aio.ServicerContext) -> Any:
        """Sets units aside."""
        return await self._order(request, call, submit=False)

    async def Retire(self, request: Any, call: grpc.aio.ServicerContext) -> Any:
        """Sets units aside and asks their registry to retire them."""
        return await self._order(request, call, submit=True)

    async def RetireReserved(self, request: Any, call: grpc.aio.ServicerContext) -> Any:
        """Asks the registry to retire what was reserved."""
        scope = await self._acting(request, call)
        correlation_id = _id(request.correlation_id, "/correlation_id")
        use_case = retirements.retire_reserved(self._context.store, correlation_id)
        return await self._run(request, call, scope, use_case, "RetireReserved")

    async def Release(self, request: Any, call: grpc.aio.ServicerContext) -> Any:
        """Calls a request back."""
        scope = await self._acting(request, call)
        form = body_of(request, ReleaseForm)
        correlation_id = _id(request.correlation_id, "/correlation_id")
        use_case = retirements.release(self._context.store, correlation_id, form.reason)
        return await self._run(request, call, scope, use_case, "Release")

    async def GetRetirement(self, request: Any, call: grpc.aio.ServicerContext) -> Any:
        """How far a request has come."""
        scope = await self._reading(request, call)
        correlation_id = _id(request.correlation_id, "/correlation_id")
        body = await reading.one_retirement(self._context, scope.organisation_id, correlation_id)
        return message_of(body, messages.Retirement)

    async def ListHoldings(self, request: Any, call: grpc.aio.ServicerContext) -> Any:
        """Units as ranges, by block and number."""
        scope = await self._reading(request, call)
        key = cursor.decode(_given(request, "cursor"), (str, int))
        limit = _limit(request)
        items = await reading.holding_page(
            self._context,
            scope.organisation_id,
            schemes=list(request.schemes),
            states=list(request.states),
            block_id=_id(request.block_id, "/block_id") if request.HasField("block_id") else None,
            after=(str(key[0]), int(key[1])) if key else None,
            limit=limit,
        )
        last = items[limit - 1] if len(items) > limit else None
        following = cursor.encode(last["block_id"], last["low"]) if last else ""
        return message_of({"items": items[:limit], "next": following}, messages.ListHoldingsResponse)

    async def GetBlockHistory(self, request: Any, call: grpc.aio.ServicerContext) -> Any:
        """What happened to the organisation's units of a block."""
        scope = await self._reading(request, call)
        key = cursor.decode(_given(request, "cursor"), (int,))
        limit, block_id = _limit(request), _id(request.block_id, "/block_id")
        version = int(key[0]) if key else 0
        items = await reading.block_history(self._context, scope.organisation_id, block_id, version, limit)
        following = cursor.encode(items[limit - 1]["version"]) if len(items) > limit else ""
        shown = [
            {**item, "data": json.dumps(item["data"], ensure_ascii=False, sort_keys=True)}
            for item in items[:limit]
        ]
        return message_of({"items": shown, "next": following}, messages.GetBlockHistoryResponse)

    async def _order(self, request: Any, call: grpc.aio.ServicerContext, *, submit: bool) -> Any:
        scope = await self._acting(request, call)
        form = body_of(request, RetirementForm)
        context = self._context
        order = await form.order(scope.organisation_id, context.database, context.business_clock)
        use_case = retirements.reserve(context.store, order, submit=submit)
        return await self._run(request, call, scope, use_case, "Retire" if submit else "Reserve")

    async def _run(
        self, request: Any, call: grpc.aio.ServicerContext, scope: Scope, use_case: UseCase, method: str
    ) -> Any:
        action = f"{NAME}/{method}"
        answer = await run(call, self._context, scope, use_case, action=action, request=request)
        return message_of(answer.body, messages.Retirement)

    async def _acting(self, request: Any, call: grpc.aio.ServicerContext) -> Scope:
        return await self._scope(request, call, frozenset(ACTING))

    async def _reading(self, request: Any, call: grpc.aio.ServicerContext) -> Scope:
        return await self._scope(request, call, frozenset(READING))

    async def _scope(self, request: Any, call: grpc.aio.ServicerContext, roles: frozenset[str]) -> Scope:
        organisation_id = _id(request.organisation_id, "/organisation_id")
        return await scope_of(call, self._context, organisation_id, roles)


def registration(context: ServiceContext) -> GrpcRegistration:
    """Adds the service to a server."""

    def register(server: grpc.aio.Server) -> str:
        add: Any = generated.add_CertificateServiceServicer_to_server  # made by protoc, without types
        add(CertificateServicer(context), server)
        return NAME

    return register


def _id(text: str, pointer: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as malformed:
        raise refuse("id", f"{text!r} is no id", pointer) from malformed


def _given(request: Any, field: str) -> str | None:
    return str(getattr(request, field)) if request.HasField(field) else None


def _limit(request: Any) -> int:
    limit = request.limit if request.HasField("limit") else PAGE
    if not 1 <= limit <= MOST:
        raise refuse("limit", f"a page holds 1 to {MOST} items", "/limit")
    return int(limit)
