"""A claim is alive: what happens to its inputs becomes a command about its statements.

Each reaction takes over the fact that it reacts to, in the transaction in which it looks at the statements
and under the lock of the factory: a statement that is issued later sees the fact, one that was issued
earlier is seen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from zerocarbon.common.bus.record import Record as BusRecord
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import Call, UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.consumer.reactor import Reaction, Reactor
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.ids import natural_id
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import NotFound
from zerocarbon.contracts.certificate import UnitsRetired, UnitsWithdrawn
from zerocarbon.contracts.declaration import StatementSuspended
from zerocarbon.contracts.inventory import InventoryClosed
from zerocarbon.declaration.domain import suspension
from zerocarbon.declaration.service.factory_work import FactoryWork, begin
from zerocarbon.declaration.store import inventories, public, retirements
from zerocarbon.declaration.store.retirements import Touched

REACTOR = Principal(natural_id("declaration", "reactor"))
"""Who suspends, as the audit names it."""


class Reactions:
    """The reactions of a running service."""

    def __init__(self, context: ServiceContext) -> None:
        self._context = context

    def reactor(self) -> Reactor:
        """The processor that runs them."""
        return Reactor(
            {
                InventoryClosed: [Reaction("suspend-on-superseding-inventory", self._superseded)],
                UnitsRetired: [Reaction("know-retired-units", self._retired)],
                UnitsWithdrawn: [Reaction("suspend-on-withdrawn-units", self._withdrawn)],
            }
        )

    async def _superseded(self, fact: InventoryClosed, record: BusRecord, key: str) -> None:
        if fact.supersedes is None:
            return

        async def learn(connection: Connection) -> None:
            await inventories.learn(connection, fact)

        async def use_case(unit: UnitOfWork) -> Answer:
            work = await begin(unit, fact.factory_id)
            await learn(unit.connection)
            return await _suspend(work, suspension.inventory_superseded(work.record, work.subject, fact))

        call = _call("react to a superseding inventory", fact.organisation_id, record, key)
        await self._run(call, use_case, learn)

    async def _retired(self, fact: UnitsRetired, record: BusRecord, key: str) -> None:
        """So that a withdrawal, which follows on the same key, finds what it touches."""
        async with self._context.database.worker() as session:
            await retirements.learn_retired(session.connection, fact)

    async def _withdrawn(self, fact: UnitsWithdrawn, record: BusRecord, key: str) -> None:
        async with self._context.database.reader() as session:
            touched = await retirements.touched_by(session.connection, fact)
        for one in touched:
            own_key = natural_id(key, one.factory_id, one.retirement_id)
            call = _call("react to withdrawn units", one.organisation_id, record, own_key)
            learn = partial(_learn_withdrawn, fact, one)
            await self._run(call, _withdrawn_from(fact, one), learn)

    async def _run(
        self, call: Call, use_case: UseCase, learn: Callable[[Connection], Awaitable[None]]
    ) -> None:
        try:
            await self._context.commands.run(call, use_case)
        except NotFound:
            # Nothing was declared about an unknown factory yet; what is declared later sees the fact.
            async with self._context.database.worker() as session:
                await learn(session.connection)


def _call(action: str, organisation_id: str, record: BusRecord, key: str) -> Call:
    return Call(action, REACTOR, organisation_id, key, record.event_id or "", kept_for_ever=True)


async def _learn_withdrawn(fact: UnitsWithdrawn, touched: Touched, connection: Connection) -> None:
    await retirements.learn_withdrawn(connection, touched.organisation_id, fact)


def _withdrawn_from(fact: UnitsWithdrawn, touched: Touched) -> UseCase:
    async def use_case(unit: UnitOfWork) -> Answer:
        work = await begin(unit, touched.factory_id)
        known = await inventories.of_factory(unit.connection, touched.organisation_id, touched.factory_id)
        energy = {one.closed.inventory_sha256: frozenset(one.closed.retirements) for one in known.values()}
        await _learn_withdrawn(fact, touched, unit.connection)
        return await _suspend(
            work,
            suspension.units_withdrawn(work.record, work.subject, fact, touched.retirement_id, energy),
        )

    return use_case


async def _suspend(work: FactoryWork, facts: Sequence[StatementSuspended]) -> Answer:
    version = work.loaded.version
    if facts:
        version = await work.append(facts)
    for fact in facts:
        await public.suspend(
            work.connection, fact.organisation_id, fact.statement_id, fact.reason, work.unit.now
        )
    return Answer(200, {"suspended": [fact.statement_id for fact in facts]}, version)
