"""Factories, their sources and meters."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from zerocarbon.common.http.scope import CommandOptions, allow, command_options, context_of, run
from zerocarbon.common.identity.access import Scope
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.reference import FactoryRegistered, MeterRegistered, SourceRegistered
from zerocarbon.ingest.api.forms import FactoryForm, MeterForm, SourceForm
from zerocarbon.ingest.api.paging import page
from zerocarbon.ingest.api.shown import FactoryPage, MeterPage, RegisteredFactory, SourcePage
from zerocarbon.ingest.service import factories

SERVICE = "ingest"
router = APIRouter(prefix="/ingest/v1/organisations/{organisation_id}/factories", tags=["factories"])

Operator = Annotated[Scope, Depends(allow(SERVICE, "operator", "admin"))]
Reader = Annotated[Scope, Depends(allow(SERVICE, "operator", "preparer", "reviewer", "verifier", "admin"))]
Options = Annotated[CommandOptions, Depends(command_options)]
After = Annotated[str, Query(description="The cursor `next` of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1000)]


@router.post("", status_code=201, responses={201: {"model": RegisteredFactory}})
async def register_factory(
    request: Request, form: FactoryForm, scope: Operator, options: Options
) -> Response:
    """Registers a factory."""
    # The id does not contain the owner, who may change; it stems from who registered it first, so that a
    # retry without a key finds the same factory.
    factory_id = natural_id("factory", scope.organisation_id, form.code)
    fact = FactoryRegistered(
        factory_id=factory_id, organisation_id=scope.organisation_id, **form.model_dump()
    )
    return await run(request, SERVICE, scope, options, factories.register_factory(fact))


@router.get("", response_model=None, responses={200: {"model": FactoryPage}})
async def list_factories(
    request: Request, scope: Reader, after: After = "", limit: Limit = 100
) -> dict[str, Any]:
    """The organisation's factories."""
    organisation = scope.organisation_id
    return await page(context_of(request, SERVICE), organisation, "factory", organisation, after, limit)


@router.post("/{factory_id}/sources", status_code=201, responses={201: {"model": SourceRegistered}})
async def register_source(
    request: Request, factory_id: UUID, form: SourceForm, scope: Operator, options: Options
) -> Response:
    """Registers an emission source or flow of a factory."""
    fact = SourceRegistered(
        factory_id=str(factory_id),
        source_id=natural_id("source", str(factory_id), form.code),
        **form.model_dump(),
    )
    return await run(request, SERVICE, scope, options, factories.register_source(fact))


@router.get("/{factory_id}/sources", response_model=None, responses={200: {"model": SourcePage}})
async def list_sources(
    request: Request, factory_id: UUID, scope: Reader, after: After = "", limit: Limit = 100
) -> dict[str, Any]:
    """A factory's sources."""
    context = context_of(request, SERVICE)
    return await page(context, scope.organisation_id, "source", str(factory_id), after, limit)


@router.post("/{factory_id}/meters", status_code=201, responses={201: {"model": MeterRegistered}})
async def register_meter(
    request: Request, factory_id: UUID, form: MeterForm, scope: Operator, options: Options
) -> Response:
    """Registers a meter of a source."""
    fact = MeterRegistered(
        factory_id=str(factory_id),
        meter_id=natural_id("meter", str(factory_id), form.code),
        **form.model_dump(),
    )
    return await run(request, SERVICE, scope, options, factories.register_meter(fact))


@router.get("/{factory_id}/meters", response_model=None, responses={200: {"model": MeterPage}})
async def list_meters(
    request: Request, factory_id: UUID, scope: Reader, after: After = "", limit: Limit = 100
) -> dict[str, Any]:
    """A factory's meters."""
    context = context_of(request, SERVICE)
    return await page(context, scope.organisation_id, "meter", str(factory_id), after, limit)
