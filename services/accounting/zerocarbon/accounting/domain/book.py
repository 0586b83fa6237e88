"""All inventories of one factory under one method profile: periods without gap and overlap (R178).

The book is one stream, so that a version number guards its rules: of two closes at once one wins, and two
overlapping periods are never opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from zerocarbon.common.refusal import NotFound
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.inventory import (
    Exclusion,
    ExclusionApproved,
    ExclusionProposed,
    InventoryClosed,
    InventoryOpened,
    RestatementKind,
    RestatementProposed,
    ScreenedCategory,
    ScreeningRecorded,
)


def stream_of(factory_id: str, profile: str) -> str:
    """The stream of a factory's book."""
    return f"inventories/{factory_id}/{profile}"


@dataclass(frozen=True, slots=True)
class ProposedExclusion:
    """A source that somebody asks to leave out; `approver_id` once somebody else agreed (R26)."""

    proposed: ExclusionProposed
    approver_id: str | None = None

    def approved(self) -> Exclusion | None:
        """The exclusion as it stands in a closed inventory, or nothing while it waits."""
        if self.approver_id is None:
            return None
        return Exclusion(
            source=self.proposed.source,
            reason=self.proposed.reason,
            estimate_kg=self.proposed.estimate_kg,
            approver_id=self.approver_id,
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """The version at work. `preparers` is everybody who shaped it, the last of them being `preparer_id`."""

    inventory_id: str
    version: int
    preparer_id: str
    preparers: frozenset[str]
    supersedes: str | None = None
    restatement_reason: str | None = None
    restatement_kind: RestatementKind | None = None

    def touched_by(self, principal_id: str) -> Draft:
        """The draft after somebody worked on it."""
        return replace(self, preparer_id=principal_id, preparers=self.preparers | {principal_id})


@dataclass(frozen=True, slots=True)
class ClosedVersion:
    """What the book remembers of a closed version: which it is and what it came to."""

    inventory_id: str
    version: int
    lines_sha256: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """One period: the statement of its boundaries, the draft if one is at work, and the closed versions."""

    opened: InventoryOpened
    draft: Draft | None
    screening: tuple[ScreenedCategory, ...] = ()
    exclusions: tuple[ProposedExclusion, ...] = ()
    versions: tuple[ClosedVersion, ...] = ()

    @property
    def start(self) -> date:
        """First day."""
        return self.opened.period.start

    @property
    def end(self) -> date:
        """The day after the last."""
        return self.opened.period.end

    def is_about(self, inventory_id: str) -> bool:
        """Whether the id names the draft or a version of this period."""
        draft = self.draft is not None and self.draft.inventory_id == inventory_id
        return draft or any(version.inventory_id == inventory_id for version in self.versions)

    def approved_exclusions(self) -> tuple[Exclusion, ...]:
        """The exclusions that hold, by source."""
        return tuple(e for one in self.exclusions if (e := one.approved()) is not None)


@dataclass(frozen=True, slots=True)
class Book:
    """The inventories by period, in order of time."""

    inventories: tuple[Inventory, ...] = ()

    def inventory(self, inventory_id: str) -> Inventory:
        """The period that an id belongs to.

        Raises:
            NotFound: no draft and no version has that id.
        """
        for inventory in self.inventories:
            if inventory.is_about(inventory_id):
                return inventory
        raise NotFound("inventory", inventory_id)


def initial() -> Book:
    """A book without periods."""
    return Book()


def evolve(book: Book, event: Event) -> Book:
    """The book after an event."""
    match event:
        case InventoryOpened():
            added = (*book.inventories, Inventory(event, _first_draft(event)))
            return Book(tuple(sorted(added, key=lambda inventory: inventory.start)))
        case ScreeningRecorded():
            return _changed(book, event.inventory_id, lambda one: _screened(one, event))
        case ExclusionProposed():
            return _changed(book, event.inventory_id, lambda one: _proposed(one, event))
        case ExclusionApproved():
            return _changed(book, event.inventory_id, lambda one: _approved(one, event))
        case RestatementProposed():
            return _changed(book, event.supersedes, lambda one: replace(one, draft=_next_draft(event)))
        case InventoryClosed():
            return _changed(book, event.inventory_id, lambda one: _closed(one, event))
        case _:
            raise TypeError(f"a book holds no {type(event).__name__}")


def _changed(book: Book, inventory_id: str, change: Callable[[Inventory], Inventory]) -> Book:
    return Book(tuple(change(one) if one.is_about(inventory_id) else one for one in book.inventories))


def _first_draft(event: InventoryOpened) -> Draft:
    return Draft(event.inventory_id, 1, event.preparer_id, frozenset({event.preparer_id}))


def _next_draft(event: RestatementProposed) -> Draft:
    return Draft(
        inventory_id=event.inventory_id,
        version=event.version,
        preparer_id=event.preparer_id,
        preparers=frozenset({event.preparer_id}),
        supersedes=event.supersedes,
        restatement_reason=f"{event.kind}: {event.reason}",
        restatement_kind=event.kind,
    )


def _touched(inventory: Inventory, principal_id: str) -> Draft:
    assert inventory.draft is not None, "only a draft is worked on"
    return inventory.draft.touched_by(principal_id)


def _screened(inventory: Inventory, event: ScreeningRecorded) -> Inventory:
    answers = {answer.category: answer for answer in (*inventory.screening, *event.categories)}
    return replace(
        inventory,
        draft=_touched(inventory, event.preparer_id),
        screening=tuple(answers[category] for category in sorted(answers)),
    )


def _proposed(inventory: Inventory, event: ExclusionProposed) -> Inventory:
    others = [one for one in inventory.exclusions if one.proposed.source != event.source]
    return replace(
        inventory,
        draft=_touched(inventory, event.preparer_id),
        exclusions=_by_source([*others, ProposedExclusion(event)]),
    )


def _approved(inventory: Inventory, event: ExclusionApproved) -> Inventory:
    return replace(
        inventory,
        exclusions=_by_source(
            replace(one, approver_id=event.approver_id) if one.proposed.source == event.source else one
            for one in inventory.exclusions
        ),
    )


def _by_source(exclusions: Iterable[ProposedExclusion]) -> tuple[ProposedExclusion, ...]:
    return tuple(sorted(exclusions, key=lambda one: one.proposed.source))


def _closed(inventory: Inventory, event: InventoryClosed) -> Inventory:
    version = ClosedVersion(event.inventory_id, event.version, event.lines_sha256)
    return replace(inventory, draft=None, versions=(*inventory.versions, version))
