"""An opened bundle and what was recomputed from it, each thing once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from zerocarbon.proof.bundle import recomputing
from zerocarbon.proof.bundle.contents import Contents
from zerocarbon.proof.factors.library import Library
from zerocarbon.proof.facts import Factory
from zerocarbon.proof.fields import Fields
from zerocarbon.proof.fold import Sums
from zerocarbon.proof.line import InventoryLine
from zerocarbon.proof.manifest import Manifest
from zerocarbon.proof.period import Period
from zerocarbon.proof.quantify import InventoryInputs, quantify


class EvidenceFile:
    """What checks look at. Recomputing raises what it raises each time it is asked; the runner names it.

    `library` is the verifier's own published factor library, never the bundle's.
    """

    def __init__(
        self, files: Mapping[str, bytes], manifest: Manifest, contents: Contents, library: Library
    ) -> None:
        self.files = files
        self.manifest = manifest
        self.contents = contents
        self.library = library

    @property
    def inventory(self) -> Fields:
        """The inventory as it was closed."""
        return Fields(self.contents.inventory, "inventory")

    @cached_property
    def factory(self) -> Factory:
        """The factory."""
        return recomputing.factory_of(self.contents)

    @cached_property
    def period(self) -> Period:
        """The period of the inventory."""
        return recomputing.period_of(self.contents)

    @property
    def closed_on(self) -> date:
        """The day of the close in the factory's calendar."""
        return self.inventory.instant("closed_at").astimezone(ZoneInfo(self.factory.time_zone)).date()

    @cached_property
    def sums(self) -> Sums:
        """The fold over all readings and records."""
        return recomputing.sums(self.contents)

    @cached_property
    def quantities(self) -> dict[str, Decimal]:
        """What each source consumed in the period."""
        return recomputing.quantities(self.contents, self.sums)

    @cached_property
    def inputs(self) -> InventoryInputs:
        """The inputs of quantification."""
        return recomputing.inputs(self.contents, self.quantities)

    @cached_property
    def lines(self) -> tuple[InventoryLine, ...]:
        """The lines, quantified anew with the verifier's own library."""
        return quantify(self.inputs, self.library)
