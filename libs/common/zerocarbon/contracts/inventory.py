"""Closed inventories. Written by `accounting` alone; keyed by factory."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from zerocarbon.contracts.base import (
    Code,
    Event,
    Exact,
    Id,
    Instant,
    Part,
    Period,
    Sha256,
    Text,
    Tombstone,
    topic,
)

INVENTORY = topic("inventory")
INVENTORY_LATEST = topic("inventory-latest")

Basis = Literal["both", "location", "market"]
"""Scope 2 stands twice in every inventory; all other lines count under both methods."""


class GasMass(Part):
    """One gas of a line: mass in kilograms, its GWP100 and the product of the two."""

    gas: Text
    mass_kg: Exact
    gwp: Exact
    co2e_kg: Exact


class FactorUse(Part):
    """The factor that the server chose, whole enough to recompute the line and to find the source."""

    factor: Text
    version: int = Field(ge=1)
    value: Exact
    unit: Text
    gas: Text
    year: int | None = None
    region: Text
    rung: Text
    published: date
    source: Text
    clause: Text
    confidence: Literal["verified", "approved", "seed"]


class InventoryLine(Part):
    """One figure of an inventory. Amounts are kilograms of CO2e, rounded once to twelve decimals.

    `guide_source` is the emission source of a national guide to which the line belongs; absent where the
    method profile follows none.
    """

    line: Text
    factory: Code
    source: Code
    scope: Literal["1", "2", "3", "outside"]
    category: Text
    iso_category: Text
    basis: Basis
    quantity: Exact
    unit: Text
    factors: list[FactorUse]
    gwp_set: Text
    gases: list[GasMass]
    co2e_kg: Exact
    formula: Text
    notes: list[Text] = Field(default_factory=list)
    guide_source: Text | None = None


class Totals(Part):
    """Kilograms of CO2e. `total_*` is scopes 1, 2 and 3 under one scope 2 method."""

    scope1: Exact
    scope2_location: Exact
    scope2_market: Exact
    scope3: Exact
    outside: Exact
    total_location: Exact
    total_market: Exact


Criterion = Literal["magnitude", "influence", "risk", "guidance", "outsourcing", "engagement"]
"""By what the significance of indirect emissions is judged (ISO 14064-1:2018, annex H)."""


class Significance(Part):
    """Whether indirect emissions are significant, by which criteria, and why (ISO 14064-1:2018, 5.2.3)."""

    criteria: list[Criterion] = Field(min_length=1)
    significant: bool
    reason: Text


class ScreenedCategory(Part):
    """One of the fifteen scope 3 categories, answered (R16). ISO 14064-1 asks for its significance too."""

    category: int = Field(ge=1, le=15)
    state: Literal["calculated", "not-calculated", "not-relevant"]
    reason: Text | None = None
    estimate_kg: Exact | None = None
    significance: Significance | None = None


class Exclusion(Part):
    """A source left out, with reason, upper estimate of its size, and who approved it (R26)."""

    source: Code
    reason: Text
    estimate_kg: Exact
    approver_id: Id


class NotCounted(Part):
    """A registered source that the method profile does not count, and why.

    `scope` is where it would stand under the GHG Protocol, `outside` where it emits nothing of its own;
    `quantity` is its activity in the period, absent where there was none.
    """

    source: Code
    kind: Text
    scope: Literal["1", "2", "3", "outside"]
    quantity: Exact | None = None
    unit: Text
    reason: Text


class Pin(Part):
    """How far one source of events had been read when the inventory was frozen."""

    topic: Text
    position: Text


class MeterCoverage(Part):
    """Intervals of one meter: how many the period has, how many were read."""

    meter: Code
    source: Code
    interval_seconds: int
    expected: int
    read: int


Consolidation = Literal["equity-share", "financial-control", "operational-control"]
"""One approach for the whole inventory (GHG Protocol Corporate Standard, chapter 3)."""

RestatementKind = Literal["late-data", "correction", "factor", "boundary", "method", "error"]
"""Why a closed inventory is replaced by a new version."""


Cause = Literal["method", "late-data", "correction", "gwp-set", "factor", "boundary", "certificates", "error"]
"""Why a figure of a restated inventory differs, in the order in which the causes are told apart."""


class LineDifference(Part):
    """What one cause does to one line, in kilograms of CO2e."""

    line: Text
    co2e_kg: Exact


class AttributedPart(Part):
    """What one cause contributes to the difference, by scope; `lines` are those that it moves.

    `facts` counts the readings and records of late data and corrections. `note` says what stands in this part
    beside its cause, or in which other part this one had to be left.
    """

    cause: Cause
    difference: Totals
    lines: list[LineDifference]
    facts: int | None = Field(default=None, ge=0)
    note: Text | None = None


class Attribution(Part):
    """Why a version differs from the one that it supersedes. The parts sum exactly to the difference.

    They were told apart by substituting one cause after the other, in the order of `parts`: what two causes
    do together is counted with the later one.
    """

    before: Totals
    difference: Totals
    parts: list[AttributedPart]


class InventoryEvent(Event):
    """A step of one factory's inventory; `inventory_id` names the version that is at work."""

    TOPIC: ClassVar[str] = INVENTORY
    inventory_id: Id
    organisation_id: Id
    factory_id: Id

    def key(self) -> str:
        return self.factory_id

    def subject(self) -> str:
        return f"inventory/{self.inventory_id}"


class InventoryOpened(InventoryEvent):
    """Work on a period began, with the three boundaries stated (R8)."""

    TYPE: ClassVar[str] = "zerocarbon.inventory.inventory-opened.v1"
    period: Period
    profile: Text
    consolidation: Consolidation
    scopes: list[Literal["1", "2", "3"]] = Field(min_length=1)
    operational_boundary: Text
    preparer_id: Id


class ScreeningRecorded(InventoryEvent):
    """Scope 3 categories were answered; a later answer for a category replaces the earlier (R16, R39)."""

    TYPE: ClassVar[str] = "zerocarbon.inventory.screening-recorded.v1"
    categories: list[ScreenedCategory] = Field(min_length=1, max_length=15)
    preparer_id: Id


class ExclusionProposed(InventoryEvent):
    """Somebody asks to leave a source out, with reason and upper estimate in kilograms of CO2e (R26)."""

    TYPE: ClassVar[str] = "zerocarbon.inventory.exclusion-proposed.v1"
    source: Code
    reason: Text
    estimate_kg: Exact
    preparer_id: Id


class ExclusionApproved(InventoryEvent):
    """Somebody else agreed to the exclusion as proposed."""

    TYPE: ClassVar[str] = "zerocarbon.inventory.exclusion-approved.v1"
    source: Code
    approver_id: Id


class RestatementProposed(InventoryEvent):
    """A new version was begun for a closed period, for one stated reason; it takes effect when closed."""

    TYPE: ClassVar[str] = "zerocarbon.inventory.restatement-proposed.v1"
    version: int = Field(ge=2)
    supersedes: Id
    kind: RestatementKind
    reason: Text
    preparer_id: Id


class InventoryClosed(Event):
    """A period of a factory was frozen: numbered, hashed, never edited, only superseded."""

    TYPE: ClassVar[str] = "zerocarbon.inventory.inventory-closed.v1"
    TOPIC: ClassVar[str] = INVENTORY
    inventory_id: Id
    organisation_id: Id
    factory_id: Id
    factory: Code
    period: Period
    profile: Text
    version: int = Field(ge=1)
    supersedes: Id | None = None
    restatement_reason: Text | None = None
    consolidation: Text
    knowledge_date: date
    closed_at: Instant
    preparer_id: Id
    reviewer_id: Id
    gwp_set: Text
    lines: list[InventoryLine]
    totals: Totals
    screening: list[ScreenedCategory]
    exclusions: list[Exclusion]
    coverage: list[MeterCoverage]
    readings_root: Sha256
    readings_count: int
    retirements: list[Id]
    lines_sha256: Sha256
    inventory_sha256: Sha256
    pins: list[Pin]
    not_counted: list[NotCounted] | None = None
    attribution: Attribution | None = None

    def key(self) -> str:
        return self.factory_id

    def subject(self) -> str:
        return f"inventory/{self.inventory_id}"


class LatestLine(Event):
    """The newest figure for a line of a factory and period, for compacted reading by BI tools."""

    TYPE: ClassVar[str] = "zerocarbon.inventory.latest-line.v1"
    TOPIC: ClassVar[str] = INVENTORY_LATEST
    organisation_id: Id
    factory_id: Id
    period: Period
    profile: Text
    version: int = Field(ge=1)
    line: InventoryLine

    def key(self) -> str:
        return _latest_key(self.factory_id, self.period, self.profile, self.line.line)

    def subject(self) -> str:
        return f"factory/{self.factory_id}"


class LatestLineWithdrawn(Tombstone):
    """A line is gone: the version that supersedes has it no more. The record has no value, only its key."""

    TYPE: ClassVar[str] = "zerocarbon.inventory.latest-line-withdrawn.v1"
    TOPIC: ClassVar[str] = INVENTORY_LATEST
    organisation_id: Id
    factory_id: Id
    period: Period
    profile: Text
    line: Text

    def key(self) -> str:
        return _latest_key(self.factory_id, self.period, self.profile, self.line)

    def subject(self) -> str:
        return f"factory/{self.factory_id}"


def _latest_key(factory_id: str, period: Period, profile: str, line: str) -> str:
    return "|".join([factory_id, str(period.start), str(period.end), profile, line])


class OwnFactor(Event):
    """A factor that an organisation brings itself: supplier-specific or measured, with its evidence."""

    TOPIC: ClassVar[str] = INVENTORY
    organisation_id: Id
    factor: Code
    version: int = Field(ge=1)
    substance: Code
    purpose: Text
    value: Exact
    unit: Text
    gas: Text
    valid_from: date
    valid_to: date | None = None
    published: date
    source: Text
    evidence_sha256: Sha256
    synthetic: bool = False
    submitter_id: Id

    def key(self) -> str:
        return self.organisation_id

    def subject(self) -> str:
        return f"factor/{self.factor}"


class FactorSubmitted(OwnFactor):
    """A factor was put forward; it acts on nothing before somebody else approves it."""

    TYPE: ClassVar[str] = "zerocarbon.inventory.factor-submitted.v1"


class FactorApproved(OwnFactor):
    """An organisation's own factor acts from now on; the approver is not who submitted it."""

    TYPE: ClassVar[str] = "zerocarbon.inventory.factor-approved.v1"
    approver_id: Id
