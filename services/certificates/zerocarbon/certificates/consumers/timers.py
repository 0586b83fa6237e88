"""What is done when a timer of this service is due."""

from __future__ import annotations

from zerocarbon.certificates.consumers.claims import ITSELF
from zerocarbon.certificates.service import reservations
from zerocarbon.certificates.service.expiry import EXPIRE_RULE, expire_block
from zerocarbon.certificates.service.ledger import Ledger
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import Call
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.consumer.timer import Fire, Timer
from zerocarbon.common.http.context import ServiceContext


def fire(context: ServiceContext) -> Fire:
    """Releases reservations at their deadline, expires units on their day."""

    async def release(timer: Timer, key: str) -> None:
        correlation_id = timer.subject.removeprefix("retirement-request/")

        async def use_case(work: UnitOfWork) -> Answer:
            ledger = Ledger(work.connection, context.store, work.now)
            released = await reservations.release(ledger, correlation_id, "the deadline has passed")
            return Answer(200, {"released": released})

        call = Call(
            reservations.RELEASE_RULE, ITSELF, timer.organisation_id, idempotency_key=key, kept_for_ever=True
        )
        await context.commands.run(call, use_case)

    async def on_due(timer: Timer, key: str) -> None:
        if timer.rule == EXPIRE_RULE:
            await expire_block(context.database, context.store, context.business_clock, timer)
        else:
            assert timer.rule == reservations.RELEASE_RULE, f"no rule {timer.rule}"
            await release(timer, key)

    return on_due
