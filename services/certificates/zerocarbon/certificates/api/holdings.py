"""Blocks and holdings over HTTP."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from zerocarbon.certificates.api.access import PREFIX, SERVICE, Actor, After, Limit, Options, Reader
from zerocarbon.certificates.domain.holding import State
from zerocarbon.certificates.service import cursor, provisional_blocks, reading
from zerocarbon.certificates.service.forms import ProvisionalBlockForm
from zerocarbon.certificates.store import provisional
from zerocarbon.common.http.scope import context_of, run

router = APIRouter(prefix=PREFIX, tags=["holdings"])


@router.get("/holdings")
async def list_holdings(
    request: Request,
    scope: Reader,
    scheme: Annotated[list[str] | None, Query()] = None,
    state: Annotated[list[State] | None, Query()] = None,
    block_id: Annotated[UUID | None, Query()] = None,
    after: After = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """The organisation's units as ranges, by block and number."""
    key = cursor.decode(after, (str, int))
    items = await reading.holding_page(
        context_of(request, SERVICE),
        scope.organisation_id,
        schemes=scheme or [],
        states=state or [],
        block_id=str(block_id) if block_id else None,
        after=(str(key[0]), int(key[1])) if key else None,
        limit=limit,
    )
    last = items[limit - 1] if len(items) > limit else None
    return {"items": items[:limit], "next": cursor.encode(last["block_id"], last["low"]) if last else None}


@router.get("/holdings/summary")
async def summarise_holdings(request: Request, scope: Reader) -> dict[str, Any]:
    """The organisation's units by scheme and state."""
    return {"items": await reading.holding_summary(context_of(request, SERVICE), scope.organisation_id)}


@router.get("/blocks")
async def list_blocks(
    request: Request, scope: Reader, after: After = None, limit: Limit = 100
) -> dict[str, Any]:
    """Blocks in which the organisation has units, each with these units by state."""
    key = cursor.decode(after, (str,))
    context = context_of(request, SERVICE)
    items = await reading.block_page(context, scope.organisation_id, str(key[0]) if key else None, limit)
    following = cursor.encode(items[limit - 1]["block_id"]) if len(items) > limit else None
    return {"items": items[:limit], "next": following}


@router.get("/blocks/{block_id}")
async def get_block(request: Request, block_id: UUID, scope: Reader) -> dict[str, Any]:
    """A block with the organisation's units in it by state."""
    return await reading.one_block(context_of(request, SERVICE), scope.organisation_id, str(block_id))


@router.get("/blocks/{block_id}/history")
async def get_block_history(
    request: Request, block_id: UUID, scope: Reader, after: After = None, limit: Limit = 100
) -> dict[str, Any]:
    """Everything that happened to the organisation's units of a block, as events."""
    key = cursor.decode(after, (int,))
    context = context_of(request, SERVICE)
    version = int(key[0]) if key else 0
    items = await reading.block_history(context, scope.organisation_id, str(block_id), version, limit)
    following = cursor.encode(items[limit - 1]["version"]) if len(items) > limit else None
    return {"items": items[:limit], "next": following}


@router.post("/provisional-blocks", status_code=201)
async def enter_block(
    request: Request, form: ProvisionalBlockForm, scope: Actor, options: Options
) -> Response:
    """Enters units that no registry has confirmed: they serve no claim and block nobody."""
    use_case = provisional_blocks.enter_block(form.scheme, form.serial, form.low, form.high)
    return await run(request, SERVICE, scope, options, use_case)


@router.get("/provisional-blocks")
async def list_provisional_blocks(
    request: Request, scope: Reader, after: After = None, limit: Limit = 100
) -> dict[str, Any]:
    """What the organisation entered, and what became of it."""
    key = cursor.decode(after, (str,))
    context, organisation_id = context_of(request, SERVICE), scope.organisation_id
    async with context.database.request(organisation_id, read_only=True) as session:
        items = await provisional.page(
            session.connection, organisation_id, str(key[0]) if key else None, limit + 1
        )
    following = cursor.encode(items[limit - 1]["block_id"]) if len(items) > limit else None
    return {"items": items[:limit], "next": following}
