"""Claims and the credits that they ask for."""

from __future__ import annotations

from datetime import timedelta

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.ids import natural_id, new_id
from zerocarbon.contracts.base import Period
from zerocarbon.declaration.domain import claim, retirement, statement
from zerocarbon.declaration.service import persons
from zerocarbon.declaration.service.factory_work import begin
from zerocarbon.declaration.service.forms import ClaimForm, RetirementForm
from zerocarbon.declaration.service.plans import recorded
from zerocarbon.declaration.store import inventories

ANSWER_WITHIN = timedelta(days=7)


def claim_id(factory_id: str, boundary: str, period: Period) -> str:
    """The id of the one claim about a factory, boundary and period."""
    return natural_id("claim", factory_id, boundary, str(period.start), str(period.end))


def open_claim(factory_id: str, form: ClaimForm) -> UseCase:
    """Opens a claim, or binds it anew to the inventory that replaced the old one."""

    async def use_case(unit: UnitOfWork) -> Answer:
        work = await begin(unit, factory_id)
        inventory = await inventories.known(
            unit.connection, unit.organisation_id, factory_id, form.inventory_id
        )
        opinions = work.record.opinions_on(inventory.closed.inventory_sha256)
        command = claim.OpenClaim(
            claim_id=claim_id(factory_id, form.boundary, inventory.closed.period),
            boundary=form.boundary,
            inventory_id=form.inventory_id,
            opinion_id=form.opinion_id or (opinions[-1].opinion_id if opinions else ""),
        )
        return await recorded(work, claim.decide(work.record, work.subject, inventory, command)[0])

    return use_case


def request_retirement(factory_id: str, of_claim: str, form: RetirementForm) -> UseCase:
    """Asks `certificates` to retire credits for the claim; the answer comes as an event."""

    async def use_case(unit: UnitOfWork) -> Answer:
        work = await begin(unit, factory_id)
        opened = statement.claim_of(work.record, of_claim).opened
        inventory = await inventories.known(
            unit.connection, unit.organisation_id, factory_id, opened.inventory_id
        )
        await persons.demand(unit.connection, unit.organisation_id, form.promised_by, "/promised_by")
        command = retirement.RequestRetirement(
            claim_id=of_claim,
            correlation_id=new_id(),
            quantity=form.quantity,
            ranges=form.ranges,
            deadline=form.deadline or unit.now + ANSWER_WITHIN,
            promised_by=form.promised_by,
            outside_boundary=form.outside_boundary,
        )
        return await recorded(work, retirement.decide(work.record, work.subject, inventory, command)[0])

    return use_case
