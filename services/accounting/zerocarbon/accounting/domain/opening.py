"""Opening a period: three boundaries, an operating factory, no gap and no overlap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from zerocarbon.accounting.domain.book import Book
from zerocarbon.common.refusal import Refused, Violation
from zerocarbon.contracts.base import Period
from zerocarbon.contracts.inventory import Consolidation, InventoryOpened
from zerocarbon.proof.profiles import UnknownProfile, WrongConsolidation, profile

Scope = Literal["1", "2", "3"]


@dataclass(frozen=True, slots=True)
class OpenInventory:
    """The wish to begin work on a period. What is absent is refused, not assumed (R8).

    `operational_boundary` says in words what is inside and by which criteria of significance; `scopes` lists
    the scopes that the inventory covers.
    """

    inventory_id: str
    organisation_id: str
    factory_id: str
    profile: str
    preparer_id: str
    start: date | None
    end: date | None
    consolidation: Consolidation | None
    scopes: tuple[Scope, ...]
    operational_boundary: str | None


def open_inventory(book: Book, command: OpenInventory, factory_state: str) -> InventoryOpened:
    """The event that opens the period. `factory_state` is design, construction or operating.

    Raises:
        Refused: R4, R8, R9 or R178, all that are broken at once.
    """
    violations = [*_boundaries(command), *_factory(factory_state), *_calendar(book, command)]
    if violations:
        raise Refused(violations)
    assert command.start is not None
    assert command.end is not None
    assert command.consolidation is not None
    assert command.operational_boundary is not None
    return InventoryOpened(
        inventory_id=command.inventory_id,
        organisation_id=command.organisation_id,
        factory_id=command.factory_id,
        period=Period(start=command.start, end=command.end),
        profile=command.profile,
        consolidation=command.consolidation,
        scopes=sorted(set(command.scopes)),
        operational_boundary=command.operational_boundary,
        preparer_id=command.preparer_id,
    )


def _boundaries(command: OpenInventory) -> list[Violation]:
    found = []
    if command.consolidation is None:
        found.append(
            Violation("R8", "the organisational boundary needs a consolidation approach", "/consolidation")
        )
    if not command.scopes:
        found.append(Violation("R8", "the operational boundary needs the scopes that it covers", "/scopes"))
    if not (command.operational_boundary or "").strip():
        found.append(Violation("R8", "the operational boundary needs a description", "/operational_boundary"))
    if command.start is None or command.end is None:
        found.append(Violation("R8", "the time boundary needs a start and an end", "/period"))
    elif command.end <= command.start:
        found.append(Violation("R8", "the period must end after it starts", "/period"))
    try:
        method = profile(command.profile)
        found += [
            Violation("R8", f"{method.code} covers no scope {scope}", "/scopes")
            for scope in sorted(set(command.scopes) - set(method.scopes))
        ]
        if command.consolidation is not None:
            method.check_consolidation(command.consolidation)
    except UnknownProfile as unknown:
        found.append(Violation(unknown.rule, str(unknown), "/profile"))
    except WrongConsolidation as wrong:
        found.append(Violation(wrong.rule, str(wrong), "/consolidation"))
    return found


def _factory(state: str) -> list[Violation]:
    if state == "operating":
        return []
    message = f"a factory in {state} has no period to account for"
    return [Violation("R4", message)]


def _calendar(book: Book, command: OpenInventory) -> list[Violation]:
    start, end = command.start, command.end
    if not book.inventories or start is None or end is None or end <= start:
        return []
    for other in book.inventories:
        if start < other.end and other.start < end:
            message = f"the period overlaps {other.start} to {other.end}"
            return [Violation("R178", message, "/period")]
    first, last = book.inventories[0].start, book.inventories[-1].end
    if start == last or end == first:
        return []
    message = f"the period leaves a gap: it must start on {last} or end on {first}"
    return [Violation("R178", message, "/period")]
