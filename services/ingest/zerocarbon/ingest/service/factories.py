"""Factories, their sources and meters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncpg

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.eventstore.store import VersionConflict
from zerocarbon.common.refusal import Conflict
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.reference import FactoryRegistered, MeterRegistered, SourceRegistered
from zerocarbon.ingest.domain import factory, organisation
from zerocarbon.ingest.domain.factory import Factory
from zerocarbon.ingest.store import registers

Registration = FactoryRegistered | SourceRegistered | MeterRegistered


def register_factory(fact: FactoryRegistered) -> UseCase:
    """Registers a factory of the organisation. Its code is unique in the organisation."""

    async def use_case(work: UnitOfWork) -> Answer:
        owner = await work.load(organisation.stream(work.organisation_id), organisation.decider)
        organisation.must_exist(owner.state, work.organisation_id)
        answer = await _register(work, fact, factory.register)
        return Answer(answer.status, {**answer.body, "warnings": factory.warnings(fact)}, answer.version)

    return use_case


def register_source(fact: SourceRegistered) -> UseCase:
    """Registers a source of a factory."""
    return lambda work: _register(work, fact, factory.register_source)


def register_meter(fact: MeterRegistered) -> UseCase:
    """Registers a meter of a source."""
    return lambda work: _register(work, fact, factory.register_meter)


async def _register(
    work: UnitOfWork, fact: Registration, decide: Callable[[Factory, Any], list[Event]]
) -> Answer:
    stream = factory.stream(fact.factory_id)
    loaded = await work.load(stream, factory.decider)
    work.must_match(loaded.version)
    events = decide(loaded.state, fact)
    if not events:
        return Answer(200, _known(loaded.state, fact), loaded.version)
    version = await work.append(stream, loaded.version, events)
    try:
        await registers.record(work.connection, work.organisation_id, fact)
    except asyncpg.UniqueViolationError as taken:
        if taken.constraint_name == "register_code":
            raise Conflict("code", f"the code {fact.code!r} is taken") from taken
        raise VersionConflict([stream]) from taken
    return Answer(201, fact.model_dump(mode="json", exclude_none=True), version)


def _known(state: Factory, fact: Registration) -> dict[str, Any]:
    known: Event | None
    match fact:
        case FactoryRegistered():
            known = state.registered
        case SourceRegistered():
            known = state.sources[fact.code]
        case MeterRegistered():
            known = state.meters[fact.code]
    assert known is not None, "a registration without effect is known"
    return known.model_dump(mode="json", exclude_none=True)
