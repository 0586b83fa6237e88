"""Commitments, plans and measures."""

from __future__ import annotations

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.ids import new_id
from zerocarbon.contracts.base import Event
from zerocarbon.declaration.domain import commitment, measure, plan, policy
from zerocarbon.declaration.service import persons
from zerocarbon.declaration.service.factory_work import FactoryWork, begin
from zerocarbon.declaration.service.forms import (
    CommitmentForm,
    MeasureForm,
    ParticularsForm,
    PlanForm,
    PolicyForm,
)
from zerocarbon.declaration.store import particulars


def commit(factory_id: str, form: CommitmentForm) -> UseCase:
    """Commits to neutrality for a period ahead."""

    async def use_case(unit: UnitOfWork) -> Answer:
        work = await begin(unit, factory_id)
        await persons.demand(unit.connection, unit.organisation_id, form.signatory_id, "/signatory_id")
        command = commitment.MakeCommitment(
            commitment_id=new_id(),
            period=form.period,
            statement_en=form.statement_en,
            statement_zh=form.statement_zh,
            signatory_id=form.signatory_id,
        )
        return await recorded(work, commitment.decide(work.record, work.subject, command)[0])

    return use_case


def approve(factory_id: str, form: PlanForm) -> UseCase:
    """Approves a management plan."""

    async def use_case(unit: UnitOfWork) -> Answer:
        work = await begin(unit, factory_id)
        await persons.demand(unit.connection, unit.organisation_id, form.approver_id, "/approver_id")
        command = plan.ApprovePlan(
            plan_id=new_id(), **{name: getattr(form, name) for name in PlanForm.model_fields}
        )
        return await recorded(work, plan.decide(work.record, work.subject, command)[0])

    return use_case


def finish(factory_id: str, plan_id: str, code: str, form: MeasureForm) -> UseCase:
    """Reports a measure done."""

    async def use_case(unit: UnitOfWork) -> Answer:
        work = await begin(unit, factory_id)
        command = measure.FinishMeasure(plan_id, code, form.achieved_kg, form.done_on, form.evidence_sha256)
        return await recorded(work, measure.decide(work.record, work.subject, command)[0])

    return use_case


def set_policy(factory_id: str, form: PolicyForm) -> UseCase:
    """Chooses whether withdrawn standards are refused; the same choice again changes nothing."""

    async def use_case(unit: UnitOfWork) -> Answer:
        work = await begin(unit, factory_id)
        refused = form.withdrawn_standards_refused
        facts = policy.decide(work.record, work.subject, withdrawn_standards_refused=refused)
        version = await work.append(facts) if facts else work.loaded.version
        return Answer(200, {"withdrawn_standards_refused": refused}, version)

    return use_case


def publish_particulars(factory_id: str, form: ParticularsForm) -> UseCase:
    """Replaces what is published of a factory; no event, because some of it is personal (R200)."""

    async def use_case(unit: UnitOfWork) -> Answer:
        work = await begin(unit, factory_id)
        fields = form.model_dump(mode="json", exclude_none=True)
        await particulars.put(unit.connection, unit.organisation_id, factory_id, fields)
        return Answer(200, {"factory_id": factory_id}, work.loaded.version)

    return use_case


async def recorded(work: FactoryWork, fact: Event) -> Answer:
    """Appends one fact and answers with it."""
    version = await work.append([fact])
    return Answer(201, fact.model_dump(mode="json", exclude_none=True), version)
