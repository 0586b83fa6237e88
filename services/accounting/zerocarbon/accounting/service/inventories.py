"""Opening, screening, excluding and restating: each loads the book, decides, and records."""

from __future__ import annotations

from collections.abc import Sequence

from zerocarbon.accounting.domain import book, closing, exclusion, opening, screening
from zerocarbon.accounting.domain.book import Book
from zerocarbon.accounting.domain.exclusion import ExcludeSource
from zerocarbon.accounting.domain.opening import OpenInventory
from zerocarbon.accounting.service.draft_facts import BOOK
from zerocarbon.accounting.store import inventories, reference
from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.eventstore.aggregate import Loaded
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.inventory import RestatementKind, ScreenedCategory


def open_period(command: OpenInventory) -> UseCase:
    """Begins work on a period."""

    async def use_case(work: UnitOfWork) -> Answer:
        known = await reference.factory(work.connection, work.organisation_id, command.factory_id)
        loaded = await work.load(book.stream_of(command.factory_id, command.profile), BOOK)
        fact = opening.open_inventory(loaded.state, command, known.state)
        version = await work.append(loaded.stream, loaded.version, [fact])
        await inventories.open_version(work.connection, fact)
        return Answer(201, fact.model_dump(mode="json"), version)

    return use_case


def screen(factory_id: str, inventory_id: str, categories: Sequence[ScreenedCategory]) -> UseCase:
    """Records answers to scope 3 categories."""

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await load_book(work, factory_id, inventory_id)
        preparer = work.principal.principal_id
        fact = screening.record_screening(loaded.state, inventory_id, categories, preparer)
        return await _recorded(work, loaded, fact)

    return use_case


def exclude(factory_id: str, command: ExcludeSource) -> UseCase:
    """Asks to leave a source out."""

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await load_book(work, factory_id, command.inventory_id)
        known = await reference.factory(work.connection, work.organisation_id, factory_id)
        sources = frozenset(source.code for source in known.sources.values())
        return await _recorded(work, loaded, exclusion.propose_exclusion(loaded.state, command, sources))

    return use_case


def approve_exclusion(factory_id: str, inventory_id: str, source: str) -> UseCase:
    """Lets a proposed exclusion hold."""

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await load_book(work, factory_id, inventory_id)
        approver = work.principal.principal_id
        fact = exclusion.approve_exclusion(loaded.state, inventory_id, source, approver)
        return await _recorded(work, loaded, fact)

    return use_case


def restate(
    factory_id: str, inventory_id: str, next_inventory_id: str, kind: RestatementKind, reason: str
) -> UseCase:
    """Begins the version that will supersede a closed one."""

    async def use_case(work: UnitOfWork) -> Answer:
        loaded = await load_book(work, factory_id, inventory_id)
        fact = closing.propose_restatement(
            loaded.state, inventory_id, next_inventory_id, kind, reason, work.principal.principal_id
        )
        version = await work.append(loaded.stream, loaded.version, [fact])
        await inventories.next_version(work.connection, fact)
        return Answer(201, fact.model_dump(mode="json"), version)

    return use_case


async def load_book(work: UnitOfWork, factory_id: str, inventory_id: str) -> Loaded[Book]:
    """The book that an inventory stands in, at the version that the caller had seen if it named one.

    Raises:
        NotFound: the factory has no such inventory in this organisation.
        PreconditionFailed: the book has moved on.
    """
    version = await inventories.find(work.connection, work.organisation_id, factory_id, inventory_id)
    loaded = await work.load(book.stream_of(factory_id, version.profile), BOOK)
    work.must_match(loaded.version)
    return loaded


async def _recorded(work: UnitOfWork, loaded: Loaded[Book], fact: Event) -> Answer:
    version = await work.append(loaded.stream, loaded.version, [fact])
    return Answer(200, fact.model_dump(mode="json", exclude_none=True), version)
