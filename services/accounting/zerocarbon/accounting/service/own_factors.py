"""An organisation's own factors: put forward by one, approved by another."""

from __future__ import annotations

from zerocarbon.accounting.domain import own_factor
from zerocarbon.accounting.domain.own_factor import OwnFactor
from zerocarbon.accounting.store import own_factors as store
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.eventstore.decider import Decider
from zerocarbon.contracts.inventory import FactorSubmitted

FACTOR: Decider[OwnFactor] = Decider(own_factor.initial, own_factor.evolve)


def submit(wanted: FactorSubmitted) -> UseCase:
    """Puts the next version of a factor forward."""

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await work.load(own_factor.stream_of(work.organisation_id, wanted.factor), FACTOR)
        fact = own_factor.submit(loaded.state, wanted, work.now.date())
        version = await work.append(loaded.stream, loaded.version, [fact])
        await store.submit(work.connection, fact)
        return Answer(201, fact.model_dump(mode="json", exclude_none=True), version)

    return use_case


def approve(factor: str, number: int) -> UseCase:
    """Lets a version of a factor act."""

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await work.load(own_factor.stream_of(work.organisation_id, factor), FACTOR)
        work.must_match(loaded.version)
        fact = own_factor.approve(loaded.state, number, work.principal.principal_id)
        version = await work.append(loaded.stream, loaded.version, [fact])
        await store.approve(work.connection, fact)
        return Answer(200, fact.model_dump(mode="json", exclude_none=True), version)

    return use_case
