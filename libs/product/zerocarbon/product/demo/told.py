"""What one telling of the story came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zerocarbon.product.demo.company import FactoryStory
from zerocarbon.product.demo.declaration_chapter import Outcome


@dataclass(frozen=True, slots=True)
class Imported:
    """A real meter file that went in: what the product read."""

    file: str
    intervals: int
    quantity: str
    unit: str


@dataclass(slots=True)
class Told:
    """What the story came to, for the summary. Inventories are by the factory's code."""

    year: int
    factories: tuple[FactoryStory, ...]
    inventories: dict[str, dict[str, Any]] = field(default_factory=dict)
    certificates: list[dict[str, Any]] = field(default_factory=list)
    credits: dict[str, Any] | None = None
    outcomes: list[Outcome] = field(default_factory=list)
    expired: dict[str, int] = field(default_factory=dict)
    imported: Imported | None = None
    factory: str = ""
    claim: str = ""

    @property
    def issued(self) -> Outcome | None:
        """The first statement that was issued, if any."""
        return next((one for one in self.outcomes if one.issued), None)
