"""A closed inventory as this service knows it."""

from __future__ import annotations

from dataclasses import dataclass

from zerocarbon.common.refusal import Refused, Violation
from zerocarbon.contracts.inventory import InventoryClosed


@dataclass(frozen=True, slots=True)
class KnownInventory:
    """A closed version and, when a newer one replaced it, that one's id."""

    closed: InventoryClosed
    superseded_by: str | None = None

    def superseded(self, rule: str, pointer: str) -> Violation:
        """Says which version replaced this one."""
        return Violation(
            rule,
            f"version {self.closed.version} of this inventory was superseded by {self.superseded_by};"
            " verify and declare that one",
            pointer,
        )

    def demand_current(self, rule: str, pointer: str = "/inventory_id") -> None:
        """Refuses to build on a version that was superseded.

        Raises:
            Refused: a newer version exists; it is named.
        """
        if self.superseded_by is not None:
            raise Refused([self.superseded(rule, pointer)])
