"""`DeclarationService`: each method is the REST route of the same name. What it raises leaves the server as
rich status."""

# ruff: noqa: N802 - methods bear the names of the gRPC contract

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import grpc
from google.protobuf.message import Message

from zerocarbon.api.declaration.v1 import declaration_service_pb2 as messages
from zerocarbon.api.declaration.v1 import declaration_service_pb2_grpc as generated
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.composition import GrpcRegistration
from zerocarbon.common.grpc.call import body_of, message_of, run, scope_of
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.access import WHATEVER_THE_GRANT_HOLDS, Period, Scope
from zerocarbon.contracts.reference import Role
from zerocarbon.declaration.grpc import documents
from zerocarbon.declaration.grpc.asked import Asked
from zerocarbon.declaration.grpc.place import Place, place_of
from zerocarbon.declaration.service import claims, opinions, overview, persons, plans, statements
from zerocarbon.declaration.service.forms import (
    ClaimForm,
    CommitmentForm,
    MeasureForm,
    OpinionForm,
    ParticularsForm,
    PersonForm,
    PlanForm,
    PolicyForm,
    RetirementForm,
    StatementForm,
)
from zerocarbon.declaration.service.periods import asked_period
from zerocarbon.declaration.service.roles import APPROVERS, PREPARERS, READERS, VERIFIERS
from zerocarbon.declaration.service.signing import signing_key

NAME = str(messages.DESCRIPTOR.services_by_name["DeclarationService"].full_name)
Call: TypeAlias = grpc.aio.ServicerContext


class DeclarationServicer(generated.DeclarationServiceServicer):
    """Implements the contract over one running service."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    async def AddPerson(self, request: Any, call: Call) -> Any:
        """Keeps somebody who signs or approves."""
        form = body_of(request.person, PersonForm)
        return await self._run(request, call, PREPARERS, lambda _: persons.add(form), messages.Person)

    async def ErasePerson(self, request: Any, call: Call) -> Any:
        """Erases a person's data."""

        def use_case(at: Place) -> UseCase:
            return persons.erase(at.person_id or "")

        return await self._run(request, call, PREPARERS, use_case, messages.ErasedPerson)

    async def PublishParticulars(self, request: Any, call: Call) -> Any:
        """Replaces what statements print of the factory beyond its name."""
        form = body_of(request.particulars, ParticularsForm)

        def use_case(at: Place) -> UseCase:
            return plans.publish_particulars(at.factory_id or "", form)

        return await self._run(request, call, PREPARERS, use_case, messages.PublishedParticulars)

    async def SetPolicy(self, request: Any, call: Call) -> Any:
        """Chooses whether withdrawn standards are refused."""
        form = body_of(request.policy, PolicyForm)

        def use_case(at: Place) -> UseCase:
            return plans.set_policy(at.factory_id or "", form)

        return await self._run(request, call, APPROVERS, use_case, messages.Policy)

    async def MakeCommitment(self, request: Any, call: Call) -> Any:
        """Commits to carbon neutrality for a period ahead."""
        form = body_of(request.commitment, CommitmentForm)

        def use_case(at: Place) -> UseCase:
            return plans.commit(at.factory_id or "", form)

        return await self._run(request, call, APPROVERS, use_case, messages.Commitment)

    async def ApprovePlan(self, request: Any, call: Call) -> Any:
        """Approves a management plan."""
        form = body_of(request.plan, PlanForm)

        def use_case(at: Place) -> UseCase:
            return plans.approve(at.factory_id or "", form)

        return await self._run(request, call, APPROVERS, use_case, messages.Plan)

    async def FinishMeasure(self, request: Any, call: Call) -> Any:
        """Reports a planned measure done."""
        form = body_of(request.measure, MeasureForm)

        def use_case(at: Place) -> UseCase:
            return plans.finish(at.factory_id or "", at.plan_id or "", request.code, form)

        return await self._run(request, call, PREPARERS, use_case, messages.MeasureDone)

    async def SignOpinion(self, request: Any, call: Call) -> Any:
        """Signs an opinion on one exact inventory."""
        form = body_of(request.opinion, OpinionForm)

        def use_case(at: Place) -> UseCase:
            return opinions.sign(at.factory_id or "", form, self._context.system_clock)

        return await self._run(request, call, VERIFIERS, use_case, messages.Opinion)

    async def OpenClaim(self, request: Any, call: Call) -> Any:
        """Opens the claim of a boundary and period, or binds it anew."""
        form = body_of(request.claim, ClaimForm)

        def use_case(at: Place) -> UseCase:
            return claims.open_claim(at.factory_id or "", form)

        return await self._run(request, call, PREPARERS, use_case, messages.Claim)

    async def RequestRetirement(self, request: Any, call: Call) -> Any:
        """Asks for credits to be retired for the claim."""
        form = body_of(request.retirement, RetirementForm)

        def use_case(at: Place) -> UseCase:
            return claims.request_retirement(at.factory_id or "", at.claim_id or "", form)

        return await self._run(request, call, PREPARERS, use_case, messages.RetirementRequest)

    async def RequestStatement(self, request: Any, call: Call) -> Any:
        """Asks for a statement; refused with all gates when one does not hold."""
        form = body_of(request.statement, StatementForm)
        scope, at = await self._enter(request, call, PREPARERS)
        factory_id, claim_id = at.factory_id or "", at.claim_id or ""
        prepared = await statements.prepare(
            self._context, scope.organisation_id, factory_id, claim_id, form.standard
        )
        use_case = statements.request(self._context, factory_id, claim_id, prepared)
        answer = await run(
            call, self._context, scope, use_case, action=type(request).__name__, request=request
        )
        return message_of(answer.body, messages.IssuedStatement)

    async def Evaluate(self, request: Any, call: Call) -> Any:
        """What a standard would say on a day."""
        scope, at = await self._enter(request, call, READERS)
        asked = Asked.of(request)
        body = await statements.evaluate(
            self._context,
            scope.organisation_id,
            at.factory_id or "",
            at.claim_id or "",
            asked.standard,
            asked.on,
        )
        return message_of(body, messages.Evaluation)

    async def ListCommitments(self, request: Any, call: Call) -> Any:
        """The factory's commitments."""
        return await self._list(request, call, "commitments", messages.Commitments)

    async def ListPlans(self, request: Any, call: Call) -> Any:
        """The factory's plans."""
        return await self._list(request, call, "plans", messages.Plans)

    async def ListInventories(self, request: Any, call: Call) -> Any:
        """The closed inventories of the factory."""
        scope, at = await self._enter(request, call, READERS)
        body = await overview.inventories_of(
            self._context, scope.organisation_id, at.factory_id or "", at.within()
        )
        return message_of(body, messages.Inventories)

    async def ListOpinions(self, request: Any, call: Call) -> Any:
        """The opinions on the factory's inventories."""
        return await self._list(request, call, "opinions", messages.Opinions)

    async def ListClaims(self, request: Any, call: Call) -> Any:
        """The factory's claims."""
        return await self._list(request, call, "claims", messages.Claims)

    async def ListStatements(self, request: Any, call: Call) -> Any:
        """The factory's statements."""
        return await self._list(request, call, "statements", messages.Statements)

    async def GetClaim(self, request: Any, call: Call) -> Any:
        """A claim with its requests, statements and refusals."""
        scope, at = await self._enter(request, call, READERS)
        body, _ = await overview.claim(
            self._context, scope.organisation_id, at.factory_id or "", at.claim_id or ""
        )
        return message_of(body, messages.ClaimOverview)

    async def GetStatement(self, request: Any, call: Call) -> Any:
        """A statement with its status and versions."""
        scope, at = await self._enter(request, call, READERS)
        body, _ = await overview.statement(
            self._context, scope.organisation_id, at.factory_id or "", at.statement_id or ""
        )
        return message_of(body, messages.Statement)

    async def GetDocument(self, request: Any, call: Call) -> Any:
        """A file of a statement, claim or inventory."""
        scope, at = await self._enter(request, call, READERS)
        return await documents.document(self._context, scope.organisation_id, at, request)

    async def GetPublishedStatement(self, request: Any, call: Call) -> Any:
        """A published statement with its live status."""
        found = await overview.published(self._context, place_of(request).statement_id or "")
        body = overview.published_body(found)
        kept = ("statement_id", "version", "status", "suspended_at", "suspended_reason", "statement")
        shown = {name: body[name] for name in kept if name in body}
        return message_of({**shown, "credential": found.credential}, messages.PublishedStatement)

    async def ListKeys(self, request: Any, call: Call) -> Any:
        """The installation's public keys."""
        return message_of({"keys": [signing_key(self._context.data_directory).jwk()]}, messages.Keys)

    async def _enter(self, request: Message, call: Call, roles: tuple[Role, ...]) -> tuple[Scope, Place]:
        at = place_of(request)
        organisation_id = at.organisation_id or ""

        async def asked() -> Period | None:
            if roles == VERIFIERS:
                # The use case looks for a grant that covers the inventory's period.
                return WHATEVER_THE_GRANT_HOLDS
            return await asked_period(self._context, organisation_id, at.named())

        scope = await scope_of(call, self._context, organisation_id, frozenset(roles), at.factory_id, asked)
        return scope, at

    async def _run(
        self,
        request: Message,
        call: Call,
        roles: tuple[Role, ...],
        use_case: Callable[[Place], UseCase],
        kind: type[Message],
    ) -> Message:
        scope, at = await self._enter(request, call, roles)
        action = type(request).__name__
        answer = await run(call, self._context, scope, use_case(at), action=action, request=request)
        return message_of(answer.body, kind)

    async def _list(self, request: Message, call: Call, noun: str, kind: type[Message]) -> Message:
        scope, at = await self._enter(request, call, READERS)
        body, _ = await overview.listed(
            self._context, scope.organisation_id, at.factory_id or "", noun, at.within()
        )
        return message_of(body, kind)


def register(context: ServiceContext) -> GrpcRegistration:
    """Adds the service to a server and gives its name."""

    def add(server: grpc.aio.Server) -> str:
        add_servicer: Any = generated.add_DeclarationServiceServicer_to_server
        add_servicer(DeclarationServicer(context), server)
        return NAME

    return add
