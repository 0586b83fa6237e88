"""Statements as files: HTML, PDF and the signed credential."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import NotFound
from zerocarbon.declaration.documents import StatementView
from zerocarbon.declaration.domain import statement as statements
from zerocarbon.declaration.domain.record import Statement
from zerocarbon.declaration.domain.statement import claim_of, statement_of
from zerocarbon.declaration.service import credential, gathering, reading
from zerocarbon.declaration.service.signing import signing_key
from zerocarbon.declaration.service.statement_view import issued_view, refused_view
from zerocarbon.declaration.store import factories, particulars, public
from zerocarbon.proof.gates import standards

T = TypeVar("T")


async def of_statement(
    context: ServiceContext, organisation_id: str, factory_id: str, statement_id: str
) -> StatementView:
    """The newest version of a statement, on the facts of its issue, with today's status.

    Raises:
        NotFound: the factory has no such statement.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        record = await reading.record_of(context, session.connection, organisation_id, factory_id)
        found = statement_of(record, statement_id)
        return await _issued(context, session.connection, organisation_id, factory_id, found)


async def of_claim(
    context: ServiceContext,
    organisation_id: str,
    factory_id: str,
    claim_id: str,
    standard: str | None,
    on: date | None,
) -> StatementView:
    """What a claim has to show under one standard: its statement, or why there is none on a day.

    Raises:
        NotFound: the factory has no such claim, or every gate holds but nobody asked for the statement.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        connection = session.connection
        factory = await factories.known_factory(connection, organisation_id, factory_id)
        record = await reading.record_of(context, connection, organisation_id, factory_id)
        claim = claim_of(record, claim_id)
        day = on or factory.local_date(await context.business_clock.now(connection))
        chosen = standard or standards.default_on(day).name
        issued = [one for one in record.statements_of(claim_id) if one.current.standard == chosen]
        if issued and on is None:
            return await _issued(context, connection, organisation_id, factory_id, issued[0])
        known = await gathering.for_claim(connection, organisation_id, claim)
        judgement = statements.judge(record, claim_id, chosen, known, day)
        if judgement.passed:
            raise NotFound("statement under", f"{chosen}; every gate holds, ask for it")
        named = await factories.organisation(connection, organisation_id)
        fields = await particulars.of_factory(connection, organisation_id, factory_id)
        view = refused_view(judgement, record, claim, known, named, fields)
        return replace(view, issuer_key=signing_key(context.data_directory).kid)


async def signed(
    context: ServiceContext, organisation_id: str, factory_id: str, statement_id: str
) -> dict[str, Any]:
    """The newest version as an enveloped credential, as it was signed when it was issued.

    Raises:
        NotFound: the factory has no such statement.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        found = await public.latest(session.connection, statement_id)
    if found is None or found.factory_id != factory_id:
        raise NotFound("statement", statement_id)
    return credential.enveloped(found.credential)


async def drawn(draw: Callable[[StatementView], T], view: StatementView) -> T:
    """Draws a document beside the event loop: typesetting takes a second."""
    return await asyncio.to_thread(draw, view)


async def _issued(
    context: ServiceContext,
    connection: Connection,
    organisation_id: str,
    factory_id: str,
    found: Statement,
) -> StatementView:
    then = await reading.record_at_issue(context, connection, factory_id, found.current)
    claim = claim_of(then, found.current.claim_id)
    known = await gathering.for_claim(connection, organisation_id, claim, found.current)
    named = await factories.organisation(connection, organisation_id)
    fields = await particulars.of_factory(connection, organisation_id, factory_id)
    view = issued_view(found, then, claim, known, named, fields)
    return replace(view, issuer_key=signing_key(context.data_directory).kid)
