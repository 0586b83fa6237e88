"""Persons, particulars, policy, commitments, plans and measures."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response

from zerocarbon.common.http.scope import run
from zerocarbon.declaration.api.scopes import (
    BASE,
    FACTORY,
    SERVICE,
    Approver,
    Options,
    Preparer,
    Reader,
    service_of,
    versioned,
)
from zerocarbon.declaration.service import overview, persons, plans
from zerocarbon.declaration.service.forms import (
    CommitmentForm,
    MeasureForm,
    ParticularsForm,
    PersonForm,
    PlanForm,
    PolicyForm,
)

router = APIRouter(tags=["commitments and plans"])
PERSONS = BASE + "/organisations/{organisation_id}/persons"


@router.post(PERSONS, status_code=201)
async def add_person(request: Request, form: PersonForm, scope: Preparer, options: Options) -> Response:
    """Keeps somebody who signs or approves; events carry the reference only."""
    return await run(request, SERVICE, scope, options, persons.add(form))


@router.delete(PERSONS + "/{person_id}")
async def erase_person(request: Request, person_id: UUID, scope: Preparer, options: Options) -> Response:
    """Erases a person's data; what they signed stays valid."""
    return await run(request, SERVICE, scope, options, persons.erase(str(person_id)))


@router.put(FACTORY + "/particulars")
async def publish_particulars(
    request: Request, factory_id: UUID, form: ParticularsForm, scope: Preparer, options: Options
) -> Response:
    """Replaces what statements print of the factory beyond its name (R200)."""
    return await run(request, SERVICE, scope, options, plans.publish_particulars(str(factory_id), form))


@router.put(FACTORY + "/policy")
async def set_policy(
    request: Request, factory_id: UUID, form: PolicyForm, scope: Approver, options: Options
) -> Response:
    """Chooses whether statements under withdrawn standards are refused (R192)."""
    return await run(request, SERVICE, scope, options, plans.set_policy(str(factory_id), form))


@router.post(FACTORY + "/commitments", status_code=201)
async def make_commitment(
    request: Request, factory_id: UUID, form: CommitmentForm, scope: Approver, options: Options
) -> Response:
    """Commits to carbon neutrality for a period ahead."""
    return await run(request, SERVICE, scope, options, plans.commit(str(factory_id), form))


@router.get(FACTORY + "/commitments")
async def list_commitments(request: Request, factory_id: UUID, scope: Reader) -> Response:
    """The factory's commitments."""
    context, organisation = service_of(request), scope.organisation_id
    return versioned(await overview.listed(context, organisation, str(factory_id), "commitments"))


@router.post(FACTORY + "/plans", status_code=201)
async def approve_plan(
    request: Request, factory_id: UUID, form: PlanForm, scope: Approver, options: Options
) -> Response:
    """Approves a management plan with every part of R193; what is missing is named."""
    return await run(request, SERVICE, scope, options, plans.approve(str(factory_id), form))


@router.get(FACTORY + "/plans")
async def list_plans(request: Request, factory_id: UUID, scope: Reader) -> Response:
    """The factory's plans with what their measures achieved; the last one is in force."""
    context, organisation = service_of(request), scope.organisation_id
    return versioned(await overview.listed(context, organisation, str(factory_id), "plans"))


@router.post(FACTORY + "/plans/{plan_id}/measures/{code}/done", status_code=201)
async def finish_measure(
    request: Request,
    factory_id: UUID,
    plan_id: UUID,
    code: str,
    form: MeasureForm,
    scope: Preparer,
    options: Options,
) -> Response:
    """Reports a planned measure done, with what it achieved at equal output."""
    use_case = plans.finish(str(factory_id), str(plan_id), code, form)
    return await run(request, SERVICE, scope, options, use_case)
