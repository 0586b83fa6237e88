"""Which standard accepts which scheme, and since when: rows of data, not code (R138, R188)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from zerocarbon.certificates.domain.scheme import Confidence

Use = Literal["scope2", "offset"]
Verdict = Literal["accepted", "conditional", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One row: a standard's word on a scheme for a use, in `[since, until)`; an open end is None."""

    standard: str
    scheme: str
    use: Use
    verdict: Verdict
    since: date | None
    until: date | None
    source_title: str
    source_clause: str
    confidence: Confidence

    def holds(self, standard: str, scheme: str, use: Use, on: date) -> bool:
        """Whether this row speaks about the question on that day."""
        asked = (self.standard, self.scheme, self.use) == (standard, scheme, use)
        begun = self.since is None or self.since <= on
        return asked and begun and (self.until is None or on < self.until)


def acceptance(rows: Iterable[Acceptance], standard: str, scheme: str, use: Use, on: date) -> Verdict:
    """The verdict on a day. A row from memory may refuse and never accepts; no row leaves it unknown."""
    verdict: Verdict = "unknown"
    for row in rows:
        if row.holds(standard, scheme, use, on) and (row.confidence != "memory" or row.verdict == "refused"):
            verdict = row.verdict
    return verdict
