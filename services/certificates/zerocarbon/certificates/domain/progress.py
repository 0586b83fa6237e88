"""How far a request for retirement has come, from the units that stand for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Status = Literal["reserved", "awaiting-registry", "retired", "partly-retired", "released", "refused"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Units of one request: asked for, reserved now, of those sent to a registry, and retired.

    Units that were released or withdrawn, also after their retirement, are in none of the last three.
    """

    asked: int
    reserved: int
    submitted: int
    retired: int

    def __post_init__(self) -> None:
        assert 0 <= self.submitted <= self.reserved, f"more is sent out than reserved: {self}"
        assert self.retired >= 0, f"less than nothing is retired: {self}"

    @property
    def status(self) -> Status:
        """Open while anything is reserved; then whether all, a part or none of it is retired.

        More than was asked for can be retired: the registry's word stands.
        """
        if self.reserved:
            return "awaiting-registry" if self.submitted else "reserved"
        if self.retired >= self.asked:
            return "retired"
        return "partly-retired" if self.retired else "released"

    @property
    def ended(self) -> bool:
        """Whether nobody has to decide anything about it any more."""
        return not self.reserved
