"""Organisations, their keys and grants."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.identity import directory
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.reference import (
    ApiKeyIssued,
    ApiKeyRevoked,
    GrantIssued,
    GrantRevoked,
    OrganisationRegistered,
)
from zerocarbon.ingest.domain import organisation
from zerocarbon.ingest.store import registers

_DECIDES: dict[type[Event], Callable[..., list[Event]]] = {
    ApiKeyRevoked: organisation.revoke_key,
    GrantIssued: organisation.issue_grant,
    GrantRevoked: organisation.revoke_grant,
}


def register(fact: OrganisationRegistered) -> UseCase:
    """Registers an organisation under the id that its administrator chose."""

    async def use_case(work: UnitOfWork) -> Answer:
        stream = organisation.stream(fact.organisation_id)
        loaded = await work.load(stream, organisation.decider)
        work.must_match(loaded.version)
        events = organisation.register(loaded.state, fact)
        version = loaded.version
        if events:
            version = await work.append(stream, loaded.version, events)
            await registers.record(work.connection, fact.organisation_id, fact)
        return Answer(201 if events else 200, fact.model_dump(mode="json"), version)

    return use_case


def issue_key(fact: ApiKeyIssued, *, new_principal: bool, asked_at: datetime) -> UseCase:
    """Issues a key; `new_principal` says that its principal was made for it, `asked_at` when by the system
    clock."""
    decide = partial(organisation.issue_key, new_principal=new_principal, asked_at=asked_at)
    return _changed(fact, 201, decide)


def change_access(fact: ApiKeyRevoked | GrantIssued | GrantRevoked, status: int) -> UseCase:
    """Revokes a key, issues or revokes a grant."""
    return _changed(fact, status, _DECIDES[type(fact)])


def _changed(fact: directory.IdentityFact, status: int, decide: Callable[..., list[Event]]) -> UseCase:

    async def use_case(work: UnitOfWork) -> Answer:
        stream = organisation.stream(work.organisation_id)
        loaded = await work.load(stream, organisation.decider)
        work.must_match(loaded.version)
        version = await work.append(stream, loaded.version, decide(loaded.state, fact))
        await directory.record(work.connection, fact)
        body = fact.model_dump(mode="json", exclude={"key_sha256"}, exclude_none=True)
        return Answer(status, body, version)

    return use_case
