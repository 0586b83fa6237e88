"""Freezing a draft into a numbered version, and beginning the version that supersedes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from zerocarbon.accounting.domain.book import Book
from zerocarbon.accounting.domain.draft import draft_of
from zerocarbon.common.refusal import Refused, Violation, refuse
from zerocarbon.contracts.inventory import (
    Attribution,
    InventoryClosed,
    InventoryLine,
    MeterCoverage,
    NotCounted,
    Pin,
    RestatementKind,
    RestatementProposed,
    Totals,
)
from zerocarbon.proof.closing import inventory_sha256

UNHASHED = "0" * 64


@dataclass(frozen=True, slots=True)
class Content:
    """What quantification and evidence give to a version. Digests are lower-case hexadecimal SHA-256.

    `attribution` says why the lines differ from those of the version that this one supersedes.
    """

    factory: str
    knowledge_date: date
    gwp_set: str
    lines: Sequence[InventoryLine]
    totals: Totals
    coverage: Sequence[MeterCoverage]
    readings_root: str
    readings_count: int
    retirements: Sequence[str]
    lines_sha256: str
    pins: Sequence[Pin]
    not_counted: Sequence[NotCounted] = ()
    attribution: Attribution | None = None


def close_inventory(
    book: Book,
    inventory_id: str,
    reviewer_id: str,
    closed_at: datetime,
    questions: Sequence[Violation],
    content: Content,
) -> InventoryClosed:
    """The event that freezes a draft.

    Raises:
        Refused: R175: the reviewer took part in preparing it; or a question is still open; or a restatement
            that changes nothing.
    """
    inventory, draft = draft_of(book, inventory_id)
    violations = list(questions)
    if reviewer_id in draft.preparers:
        violations.append(Violation("R175", "an inventory is reviewed by somebody who did not prepare it"))
    if inventory.versions and inventory.versions[-1].lines_sha256 == content.lines_sha256:
        violations.append(Violation("restatement", "the restated lines are those of the closed version"))
    if violations:
        raise Refused(violations)
    opened = inventory.opened
    closed = InventoryClosed(
        inventory_id=inventory_id,
        organisation_id=opened.organisation_id,
        factory_id=opened.factory_id,
        factory=content.factory,
        period=opened.period,
        profile=opened.profile,
        version=draft.version,
        supersedes=draft.supersedes,
        restatement_reason=draft.restatement_reason,
        consolidation=opened.consolidation,
        knowledge_date=content.knowledge_date,
        closed_at=closed_at,
        preparer_id=draft.preparer_id,
        reviewer_id=reviewer_id,
        gwp_set=content.gwp_set,
        lines=list(content.lines),
        totals=content.totals,
        screening=list(inventory.screening),
        exclusions=list(inventory.approved_exclusions()),
        coverage=list(content.coverage),
        readings_root=content.readings_root,
        readings_count=content.readings_count,
        retirements=list(content.retirements),
        lines_sha256=content.lines_sha256,
        inventory_sha256=UNHASHED,
        pins=list(content.pins),
        not_counted=list(content.not_counted) or None,
        attribution=content.attribution if draft.supersedes is not None else None,
    )
    return closed.model_copy(update={"inventory_sha256": inventory_sha256(closed.model_dump(mode="json"))})


def propose_restatement(
    book: Book,
    inventory_id: str,
    next_inventory_id: str,
    kind: RestatementKind,
    reason: str,
    preparer_id: str,
) -> RestatementProposed:
    """The event that begins the version after `inventory_id`.

    Raises:
        Refused: another version is at work, or the id is not that of the newest closed version.
    """
    inventory = book.inventory(inventory_id)
    if inventory.draft is not None:
        raise refuse("restatement", f"version {inventory.draft.version} of this period is still at work")
    newest = inventory.versions[-1]
    if newest.inventory_id != inventory_id:
        raise refuse("restatement", f"version {newest.version} has superseded this one")
    return RestatementProposed(
        inventory_id=next_inventory_id,
        organisation_id=inventory.opened.organisation_id,
        factory_id=inventory.opened.factory_id,
        version=newest.version + 1,
        supersedes=inventory_id,
        kind=kind,
        reason=reason,
        preparer_id=preparer_id,
    )
