"""What registries send, and what the installation's administrator sets up for them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import JSONResponse
from pydantic import ValidationError

from zerocarbon.certificates.api.access import SERVICE, administrator
from zerocarbon.certificates.api.bounded_body import BodyTooLarge, bounded_body
from zerocarbon.certificates.schemes.catalogue import schemes
from zerocarbon.certificates.service.forms import MeteredForm, NewSecret
from zerocarbon.certificates.service.metering import register_metered
from zerocarbon.certificates.service.registry.notices import Notices, SequenceGap
from zerocarbon.certificates.service.registry.signature import Forged, Signatures
from zerocarbon.certificates.store import registries
from zerocarbon.common.fault import InvalidRequest
from zerocarbon.common.http.problem_response import problem_response
from zerocarbon.common.http.scope import context_of
from zerocarbon.common.problem import problem
from zerocarbon.common.refusal import NotFound, refuse
from zerocarbon.contracts.registry_inbound import RegistryNotice

router = APIRouter(prefix="/certificates/v1", tags=["registries"])
Registry = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="The registry's code.")]
Month = Annotated[str, Path(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", description="The month of generation.")]
MOST_BYTES = 64 * 1024
"""Of one notice, which is about one range of units: a real one has a few hundred."""


@router.post("/registries/{registry}/notices")
async def take_notice(request: Request, registry: Registry) -> Response:
    """Takes one numbered notice (`zerocarbon.registry.notice.v1`), signed by Standard Webhooks.

    The same notice again gives the same answer. One that came too early gives 409 and stops the registry's
    stream until its predecessor comes; one that breaks a rule gives 422, and its number is used. More than
    64 KiB give 413, before anything else is looked at.
    """
    context = context_of(request, SERVICE)
    try:
        body = await bounded_body(request, MOST_BYTES)
    except BodyTooLarge as large:
        document = problem("body-too-large", "Body too large", 413, str(large))
        return problem_response(document, {"Connection": "close"})
    signatures = Signatures(context.database, context.data_directory, context.system_clock)
    try:
        await signatures.check(registry, request.headers, body)
    except Forged:
        detail = "no valid signature of this registry, or outside the window of five minutes"
        document = problem("signature", "Who sends?", 401, detail)
        return problem_response(document, {"WWW-Authenticate": "Standard-Webhooks"})
    try:
        notice = RegistryNotice.model_validate_json(body)
    except ValidationError as invalid:
        raise InvalidRequest(invalid) from invalid
    if notice.registry != registry:
        raise refuse("registry-of-notice", f"signed by {registry}, but of {notice.registry}", "/registry")
    try:
        taken = await Notices(context.database, context.store, context.business_clock).take(notice)
    except SequenceGap as gap:
        document = problem(
            "sequence-gap", "A notice is missing", 409, str(gap), rule="registry-gap", expected=gap.expected
        )
        return problem_response(document)
    if taken.outcome == "refused":
        return problem_response(taken.answer)
    return JSONResponse(taken.answer)


@router.get("/registries", dependencies=[Depends(administrator)])
async def list_registries(request: Request) -> dict[str, Any]:
    """The registries of all schemes, and how far the stream of each has come."""
    async with context_of(request, SERVICE).database.reader() as session:
        streams = {row["registry"]: row for row in await registries.states(session.connection)}
    codes = sorted({scheme.registry for scheme in schemes().values()} | streams.keys())
    return {"items": [streams.get(code, {"registry": code, "next_sequence": 1}) for code in codes]}


@router.post("/registries/{registry}/secrets", status_code=201, dependencies=[Depends(administrator)])
async def make_secret(request: Request, registry: Registry) -> NewSecret:
    """Makes a registry's secret and shows it this once. The one before stays accepted for a day."""
    if registry not in {scheme.registry for scheme in schemes().values()}:
        raise NotFound("registry", registry)
    context = context_of(request, SERVICE)
    signatures = Signatures(context.database, context.data_directory, context.system_clock)
    secret_id, secret = await signatures.new_secret(registry)
    return NewSecret(registry=registry, secret_id=secret_id, secret=secret)


@router.put("/generation/{plant}/{month}", dependencies=[Depends(administrator)])
async def meter_generation(request: Request, plant: str, month: Month, form: MeteredForm) -> dict[str, Any]:
    """Registers what a plant generated in a month, by its meters; a correction may leave a shortfall."""
    context = context_of(request, SERVICE)
    first_day = date.fromisoformat(f"{month}-01")
    fact = await register_metered(
        context.database,
        context.store,
        context.business_clock,
        plant,
        first_day,
        form.mwh,
        form.remainder_mwh,
    )
    return fact.model_dump(mode="json")
