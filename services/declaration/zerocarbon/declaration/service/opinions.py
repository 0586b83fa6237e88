"""Opinions of verifiers whom the organisation let in."""

from __future__ import annotations

from zerocarbon.common.clock import SystemClock
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.ids import new_id
from zerocarbon.declaration.domain import opinion
from zerocarbon.declaration.service import persons
from zerocarbon.declaration.service.factory_work import begin
from zerocarbon.declaration.service.forms import OpinionForm
from zerocarbon.declaration.service.plans import recorded
from zerocarbon.declaration.store import inventories, verifiers


def sign(factory_id: str, form: OpinionForm, system_clock: SystemClock) -> UseCase:
    """Signs an opinion. Grants are a matter of security: they are judged by the system clock."""

    async def use_case(unit: UnitOfWork) -> Answer:
        work = await begin(unit, factory_id)
        inventory = await inventories.known(
            unit.connection, unit.organisation_id, factory_id, form.inventory_id
        )
        principal = unit.principal
        verifier = opinion.Verifier(
            principal_id=principal.principal_id,
            member=principal.installation_admin or unit.organisation_id in principal.memberships,
            granted=await verifiers.granted(
                unit.connection,
                unit.organisation_id,
                principal.principal_id,
                factory_id,
                inventory.closed.period,
                system_clock.now(),
            ),
        )
        fields = {name: getattr(form, name) for name in OpinionForm.model_fields if name != "signatory"}
        signatory = await persons.keep(unit, form.signatory)
        command = opinion.SignOpinion(opinion_id=new_id(), signatory_id=signatory, **fields)
        return await recorded(
            work, opinion.decide(work.record, work.subject, inventory, verifier, command)[0]
        )

    return use_case
