"""The answers to the fifteen scope 3 categories (R16, R39)."""

from __future__ import annotations

from collections.abc import Sequence

from zerocarbon.accounting.domain.book import Book
from zerocarbon.accounting.domain.draft import draft_of
from zerocarbon.common.refusal import Refused, Violation
from zerocarbon.contracts.inventory import ScreenedCategory, ScreeningRecorded
from zerocarbon.proof.completeness import SIGNIFICANCE
from zerocarbon.proof.profiles import profile


def record_screening(
    book: Book, inventory_id: str, categories: Sequence[ScreenedCategory], preparer_id: str
) -> ScreeningRecorded:
    """The event that records answers; answers may come in parts.

    Raises:
        Refused: R16: a category is answered twice, or is not calculated without a reason, or is left
            uncalculated without an upper estimate. R29: the profile knows no scope 3. ISO 14064-1 5.2.3: a
            category is called significant and not relevant.
    """
    inventory, _ = draft_of(book, inventory_id)
    violations = [
        *_profile(inventory.opened.profile),
        *(
            Violation(
                "R16", f"category {c.category} is {c.state}: a reason is needed", f"/categories/{at}/reason"
            )
            for at, c in enumerate(categories)
            if c.state != "calculated" and c.reason is None
        ),
        *(
            Violation(
                "R16",
                f"category {c.category} is relevant and not calculated: an upper estimate is needed",
                f"/categories/{at}/estimate_kg",
            )
            for at, c in enumerate(categories)
            if c.state == "not-calculated" and c.estimate_kg is None
        ),
        *(
            Violation(
                SIGNIFICANCE,
                f"category {c.category} is significant, so it is relevant",
                f"/categories/{at}/significance",
            )
            for at, c in enumerate(categories)
            if c.significance is not None and c.significance.significant and c.state == "not-relevant"
        ),
        *_repeated(categories),
    ]
    if violations:
        raise Refused(violations)
    return ScreeningRecorded(
        inventory_id=inventory_id,
        organisation_id=inventory.opened.organisation_id,
        factory_id=inventory.opened.factory_id,
        categories=sorted(categories, key=lambda answer: answer.category),
        preparer_id=preparer_id,
    )


def _profile(code: str) -> list[Violation]:
    if profile(code).screens_scope3:
        return []
    return [Violation("R29", f"{code} knows no scope 3: there is nothing to screen")]


def _repeated(categories: Sequence[ScreenedCategory]) -> list[Violation]:
    seen: set[int] = set()
    found = []
    for at, answer in enumerate(categories):
        if answer.category in seen:
            found.append(
                Violation(
                    "R16", f"category {answer.category} is answered twice", f"/categories/{at}/category"
                )
            )
        seen.add(answer.category)
    return found
