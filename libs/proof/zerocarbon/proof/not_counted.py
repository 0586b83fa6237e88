"""What a profile leaves out: each registered source of a kind that it does not count, with the reason."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from zerocarbon.proof.canonical import Json
from zerocarbon.proof.facts import SourceKind
from zerocarbon.proof.json_fields import without_absent
from zerocarbon.proof.line import Scope
from zerocarbon.proof.numbers import canonical
from zerocarbon.proof.profiles import profile
from zerocarbon.proof.quantify.inputs import InventoryInputs


@dataclass(frozen=True, slots=True)
class NotCounted:
    """One source. Mirrors `contracts.inventory.NotCounted`.

    Attributes:
        scope: where it would stand under the GHG Protocol; `outside` where it emits nothing of its own.
        quantity: its activity in the period, in `unit`; None where there was none.
    """

    source: str
    kind: SourceKind
    scope: Scope
    quantity: Decimal | None
    unit: str
    reason: str

    def to_json(self) -> dict[str, Json]:
        """The published form; an absent quantity is left out."""
        return without_absent(
            {
                "source": self.source,
                "kind": self.kind,
                "scope": self.scope,
                "quantity": None if self.quantity is None else canonical(self.quantity),
                "unit": self.unit,
                "reason": self.reason,
            }
        )


def not_counted(inputs: InventoryInputs) -> tuple[NotCounted, ...]:
    """The sources that the profile of an inventory leaves out, by code.

    Raises:
        UnknownProfile: there is no such profile.
    """
    uncounted = profile(inputs.profile).uncounted
    return tuple(
        NotCounted(
            source=source.code,
            kind=source.kind,
            scope=uncounted[source.kind].scope,
            quantity=inputs.quantities.get(source.code),
            unit=source.unit,
            reason=uncounted[source.kind].reason_en,
        )
        for source in sorted(inputs.sources, key=lambda source: source.code)
        if source.kind in uncounted
    )
