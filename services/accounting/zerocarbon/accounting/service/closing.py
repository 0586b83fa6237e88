"""Preview and close: a draft is computed outside of any transaction, and decided on inside of one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from zerocarbon.accounting.domain.closing import close_inventory
from zerocarbon.accounting.service.computation import Computed, compute
from zerocarbon.accounting.service.draft_facts import DraftFacts, gather
from zerocarbon.accounting.service.evidence import replay
from zerocarbon.accounting.service.inventories import load_book
from zerocarbon.accounting.store import inventories
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.eventstore.store import VersionConflict
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.refusal import Conflict
from zerocarbon.contracts.inventory import InventoryClosed, LatestLine, LatestLineWithdrawn


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it stands at one moment."""

    facts: DraftFacts
    computed: Computed


async def draft(context: ServiceContext, organisation_id: str, factory_id: str, inventory_id: str) -> Draft:
    """Computes a draft from one snapshot and from the events up to it. Writes nothing.

    Raises:
        NotFound: no such factory or inventory in the organisation.
    """
    facts = await gather(context, organisation_id, factory_id, inventory_id)
    replayed = await replay(context.bus, facts)
    # A year of a factory is seconds of arithmetic: other requests go on meanwhile.
    return Draft(facts, await asyncio.to_thread(compute, facts, replayed))


def close(factory_id: str, inventory_id: str, prepared: Draft) -> UseCase:
    """Freezes a computed draft; nothing is computed while the transaction is open.

    What arrived after the draft was computed is a later fact: the pins say up to where it had been read. Only
    the book itself must not have moved.
    """

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await load_book(work, factory_id, inventory_id)
        if loaded.version != prepared.facts.book.version:
            raise VersionConflict([loaded.stream])
        if work.now.date() != prepared.facts.knowledge_date:
            raise Conflict("day-moved", "the business day changed while the draft was computed; close again")
        computed = prepared.computed
        fact = close_inventory(
            loaded.state,
            inventory_id,
            work.principal.principal_id,
            work.now,
            computed.questions,
            computed.content,
        )
        gone = await _withdrawn(work, fact)
        versions = await work.append_many(
            [
                (loaded.stream, loaded.version, [fact], None),
                (f"latest-lines/{inventory_id}", 0, [*_latest(fact), *gone], None),
            ]
        )
        await inventories.close_version(work.connection, fact)
        return Answer(200, fact.model_dump(mode="json", exclude_none=True), versions[0])

    return use_case


def _latest(fact: InventoryClosed) -> list[LatestLine]:
    return [
        LatestLine(
            organisation_id=fact.organisation_id,
            factory_id=fact.factory_id,
            period=fact.period,
            profile=fact.profile,
            version=fact.version,
            line=line,
        )
        for line in fact.lines
    ]


async def _withdrawn(work: UnitOfWork, fact: InventoryClosed) -> list[LatestLineWithdrawn]:
    """The lines of the superseded version that this one has no more; else their last figures would stay."""
    if fact.supersedes is None:
        return []
    before = await inventories.find(work.connection, fact.organisation_id, fact.factory_id, fact.supersedes)
    assert before.closed is not None, f"{fact.supersedes} was closed before it was superseded"
    kept = {line.line for line in fact.lines}
    return [
        LatestLineWithdrawn(
            organisation_id=fact.organisation_id,
            factory_id=fact.factory_id,
            period=fact.period,
            profile=fact.profile,
            line=line["line"],
        )
        for line in before.closed["lines"]
        if line["line"] not in kept
    ]
