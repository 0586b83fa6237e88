"""Inventories: from opening to a closed version, and what it holds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from zerocarbon.accounting.api.access import (
    FACTORY_PREFIX,
    SERVICE,
    InventoryReader,
    Options,
    Preparer,
    Reader,
    Reviewer,
)
from zerocarbon.accounting.api.forms import ExclusionForm, InventoryForm, RestatementForm, ScreeningForm
from zerocarbon.accounting.api.pending_views import glance_view
from zerocarbon.accounting.api.shown import Inventory, InventoryList
from zerocarbon.accounting.api.views import summary, version_view
from zerocarbon.accounting.domain.exclusion import ExcludeSource
from zerocarbon.accounting.domain.opening import OpenInventory
from zerocarbon.accounting.domain.pending import THRESHOLD_PERCENT
from zerocarbon.accounting.service import inventories
from zerocarbon.accounting.service.pending import pending_at_a_glance
from zerocarbon.accounting.store import inventories as store
from zerocarbon.common.http.scope import context_of, run
from zerocarbon.common.ids import new_id
from zerocarbon.contracts.base import Code

router = APIRouter(prefix=f"{FACTORY_PREFIX}/inventories", tags=["inventories"])


@router.post("", status_code=201)
async def open_inventory(
    request: Request, factory_id: UUID, form: InventoryForm, scope: Preparer, options: Options
) -> Response:
    """Opens a period: three boundaries, an operating factory, no gap, no overlap."""
    command = OpenInventory(
        inventory_id=new_id(),
        organisation_id=scope.organisation_id,
        factory_id=str(factory_id),
        profile=form.profile,
        preparer_id=scope.principal.principal_id,
        start=form.period.start,
        end=form.period.end,
        consolidation=form.consolidation,
        scopes=tuple(form.scopes),
        operational_boundary=form.operational_boundary,
    )
    return await run(request, SERVICE, scope, options, inventories.open_period(command))


@router.get("", response_model=None, responses={200: {"model": InventoryList}})
async def list_inventories(request: Request, factory_id: UUID, scope: Reader) -> dict[str, Any]:
    """All versions of all periods of a factory."""
    async with context_of(request, SERVICE).database.request(scope.organisation_id) as session:
        found = await store.listed(session.connection, scope.organisation_id, str(factory_id))
    return {"items": [summary(version) for version in found]}


@router.get("/{inventory_id}", response_model=None, responses={200: {"model": Inventory}})
async def get_inventory(
    request: Request, factory_id: UUID, inventory_id: UUID, scope: InventoryReader
) -> dict[str, Any]:
    """A version: its lines and totals once it is closed, and all versions of its period.

    `pending` says what facts that arrived since the close would move.
    """
    organisation, factory = scope.organisation_id, str(factory_id)
    async with context_of(request, SERVICE).database.request(organisation) as session:
        version = await store.find(session.connection, organisation, factory, str(inventory_id))
        siblings = await store.listed(session.connection, organisation, factory)
        shown = version_view(version, siblings)
        if version.closed is not None and not shown["superseded"]:
            found = await pending_at_a_glance(session.connection, organisation, version, THRESHOLD_PERCENT)
            shown["pending"] = glance_view(*found)
    return shown


@router.post("/{inventory_id}/screening")
async def screen(
    request: Request,
    factory_id: UUID,
    inventory_id: UUID,
    form: ScreeningForm,
    scope: Preparer,
    options: Options,
) -> Response:
    """Answers scope 3 categories (R16, R39)."""
    use_case = inventories.screen(str(factory_id), str(inventory_id), form.categories)
    return await run(request, SERVICE, scope, options, use_case)


@router.post("/{inventory_id}/exclusions")
async def exclude(
    request: Request,
    factory_id: UUID,
    inventory_id: UUID,
    form: ExclusionForm,
    scope: Preparer,
    options: Options,
) -> Response:
    """Asks to leave a source out (R26)."""
    command = ExcludeSource(
        inventory_id=str(inventory_id),
        source=form.source,
        reason=form.reason,
        estimate_kg=form.estimate_kg,
        preparer_id=scope.principal.principal_id,
    )
    return await run(request, SERVICE, scope, options, inventories.exclude(str(factory_id), command))


@router.post("/{inventory_id}/exclusions/{source}/approval")
async def approve_exclusion(
    request: Request,
    factory_id: UUID,
    inventory_id: UUID,
    source: Code,
    scope: Reviewer,
    options: Options,
) -> Response:
    """Lets a proposed exclusion hold; by somebody else than its proposer (R26)."""
    use_case = inventories.approve_exclusion(str(factory_id), str(inventory_id), source)
    return await run(request, SERVICE, scope, options, use_case)


@router.post("/{inventory_id}/restatements", status_code=201)
async def restate(
    request: Request,
    factory_id: UUID,
    inventory_id: UUID,
    form: RestatementForm,
    scope: Preparer,
    options: Options,
) -> Response:
    """Begins the version that will supersede a closed one; it takes effect when it is closed."""
    use_case = inventories.restate(str(factory_id), str(inventory_id), new_id(), form.kind, form.reason)
    return await run(request, SERVICE, scope, options, use_case)
