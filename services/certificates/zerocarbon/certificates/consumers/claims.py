"""The reactor on declaration: a claim that asks for credits gets an answer."""

from __future__ import annotations

from zerocarbon.certificates.service.claim_requests import answer_request
from zerocarbon.common.bus.record import Record
from zerocarbon.common.command.runner import Call
from zerocarbon.common.consumer.reactor import Reaction, Reactor
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.declaration import RetirementRequested

NAME = "certificates-claims"
ITSELF = Principal(natural_id("service", "certificates"))


def processor(context: ServiceContext) -> Reactor:
    """Answers each request once, whatever is delivered again."""

    async def act(asked: RetirementRequested, _record: Record, key: str) -> None:
        call = Call(
            "answer-retirement-request",
            ITSELF,
            asked.organisation_id,
            idempotency_key=key,
            kept_for_ever=True,
        )
        await context.commands.run(call, answer_request(context.store, asked))

    return Reactor({RetirementRequested: [Reaction("reserve-for-claim", act)]})
