"""Which indirect emissions are significant, by stated criteria (ISO 14064-1:2018, 5.2.3 and annex H)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.json_fields import BadField, JsonObject, text, texts, truth

Criterion = Literal["magnitude", "influence", "risk", "guidance", "outsourcing", "engagement"]
"""Size, how far the organisation can influence it, risk or opportunity, guidance of the sector, what was
outsourced, engagement of employees. The list of the published contract."""

CRITERIA: dict[str, Criterion] = {name: name for name in get_args(Criterion)}


@dataclass(frozen=True, slots=True)
class Significance:
    """One judgement. Mirrors `contracts.inventory.Significance`.

    Attributes:
        criteria: by which it was made; at least one.
        reason: why, for a person.
    """

    criteria: tuple[Criterion, ...]
    significant: bool
    reason: str

    def to_json(self) -> dict[str, Json]:
        """The published form."""
        return {"criteria": list(self.criteria), "significant": self.significant, "reason": self.reason}

    @classmethod
    def from_json(cls, data: JsonObject) -> Significance:
        """Reads the published form."""
        named = texts(data, "criteria")
        known = tuple(CRITERIA[name] for name in named if name in CRITERIA)
        if not known or len(known) != len(named):
            raise BadField("criteria", " or ".join(CRITERIA))
        return cls(criteria=known, significant=truth(data, "significant"), reason=text(data, "reason"))
