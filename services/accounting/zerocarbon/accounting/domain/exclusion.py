"""Leaving a source out: with reason, upper estimate, and the agreement of somebody else (R26)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.accounting.domain.book import Book
from zerocarbon.accounting.domain.draft import draft_of
from zerocarbon.common.refusal import Refused, Violation, refuse
from zerocarbon.contracts.inventory import ExclusionApproved, ExclusionProposed


@dataclass(frozen=True, slots=True)
class ExcludeSource:
    """The wish to leave a source out. `estimate_kg` is an upper estimate in kilograms of CO2e."""

    inventory_id: str
    source: str
    reason: str | None
    estimate_kg: Decimal | None
    preparer_id: str


def propose_exclusion(book: Book, command: ExcludeSource, sources: frozenset[str]) -> ExclusionProposed:
    """The event that asks for an exclusion. `sources` are the codes of the factory's sources.

    Raises:
        Refused: R26: no such source, no reason, or no upper estimate.
    """
    inventory, _ = draft_of(book, command.inventory_id)
    violations = []
    if command.source not in sources:
        violations.append(Violation("R26", f"the factory has no source {command.source}", "/source"))
    if not (command.reason or "").strip():
        violations.append(Violation("R26", "an exclusion needs a reason", "/reason"))
    if command.estimate_kg is None:
        violations.append(Violation("R26", "an exclusion needs an upper estimate", "/estimate_kg"))
    elif command.estimate_kg < 0:
        violations.append(Violation("R26", "an upper estimate is not negative", "/estimate_kg"))
    if violations:
        raise Refused(violations)
    assert command.reason is not None
    assert command.estimate_kg is not None
    return ExclusionProposed(
        inventory_id=command.inventory_id,
        organisation_id=inventory.opened.organisation_id,
        factory_id=inventory.opened.factory_id,
        source=command.source,
        reason=command.reason,
        estimate_kg=command.estimate_kg,
        preparer_id=command.preparer_id,
    )


def approve_exclusion(book: Book, inventory_id: str, source: str, approver_id: str) -> ExclusionApproved:
    """The event that lets a proposed exclusion hold.

    Raises:
        Refused: R26: nothing is proposed for the source, or the approver proposed it.
    """
    inventory, _ = draft_of(book, inventory_id)
    for one in inventory.exclusions:
        if one.proposed.source == source:
            if one.proposed.preparer_id == approver_id:
                raise refuse("R26", "an exclusion is approved by somebody else than its proposer")
            return ExclusionApproved(
                inventory_id=inventory_id,
                organisation_id=inventory.opened.organisation_id,
                factory_id=inventory.opened.factory_id,
                source=source,
                approver_id=approver_id,
            )
    raise refuse("R26", f"no exclusion of {source} is proposed", "/source")
