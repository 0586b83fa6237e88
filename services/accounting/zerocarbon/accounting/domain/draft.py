"""What every change of an inventory needs: a version that is still at work."""

from __future__ import annotations

from zerocarbon.accounting.domain.book import Book, Draft, Inventory
from zerocarbon.common.refusal import refuse


def draft_of(book: Book, inventory_id: str) -> tuple[Inventory, Draft]:
    """The period and its draft of that id.

    Raises:
        NotFound: no version has that id.
        Refused: the version is closed; a closed inventory is never edited, only restated.
    """
    inventory = book.inventory(inventory_id)
    if inventory.draft is None or inventory.draft.inventory_id != inventory_id:
        raise refuse("closed", "this version is closed: it is never edited, only superseded by a restatement")
    return inventory, inventory.draft
