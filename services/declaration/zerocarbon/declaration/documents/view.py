"""Everything that a statement shows, as plain data: no clock, no ids to look up, no database.

Amounts are kilograms of CO2e unless a name says otherwise, exact. Periods are half-open local dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from zerocarbon.common.documents.bilingual import Bilingual
from zerocarbon.proof.numbers import tonnes_rounded_up, total

Status = Literal["issued", "refused", "suspended", "lapsed"]
Scope = Literal["1", "2", "3"]
Basis = Literal["location", "market"]
Opinion = Literal["unmodified", "modified", "adverse", "disclaimed"]
Level = Literal["limited", "reasonable"]
Kind = Literal["avoidance", "reduction", "removal"]

SYNTHETIC = "(synthetic)"
"""How the source of an approved factor ends that nobody measured."""


class InconsistentView(ValueError):
    """The view contradicts itself; printing it would publish two figures for one thing."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The factory, its code, and, where the organisation publishes them, the seven fields of R200."""

    factory: Bilingual
    organisation: Bilingual
    nature: Bilingual | None = None
    legal_representative: Bilingual | None = None
    registered_address: Bilingual | None = None
    production_address: Bilingual | None = None
    industry: Bilingual | None = None
    contact: Bilingual | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A sum over lines of one scope; `location_kg` and `market_kg` differ in scope 2 only."""

    scope: Scope | Literal["outside"]
    label: Bilingual
    location_kg: Decimal
    market_kg: Decimal


@dataclass(frozen=True, slots=True)
class Gas:
    """A gas group over all lines of the claim: its mass, where one gas has one mass, and its CO2e."""

    gas: str
    co2e_kg: Decimal
    mass_kg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Inventory:
    """The closed inventory behind the claim. `sha256` is the hash that the verifier signed."""

    profile: Bilingual
    version: int
    gwp_set: str
    knowledge_date: date
    sha256: str
    lines_sha256: str
    scope1_kg: Decimal
    scope2_location_kg: Decimal
    scope2_market_kg: Decimal
    scope3_kg: Decimal
    outside_kg: Decimal
    categories: tuple[Category, ...] = ()
    gases: tuple[Gas, ...] = ()

    def scope_kg(self, scope: Scope, basis: Basis) -> Decimal:
        """One scope under one scope 2 method."""
        if scope == "2":
            return self.scope2_location_kg if basis == "location" else self.scope2_market_kg
        return self.scope1_kg if scope == "1" else self.scope3_kg

    def total_kg(self, scopes: tuple[Scope, ...], basis: Basis) -> Decimal:
        """The exact sum of some scopes under one scope 2 method."""
        return total(self.scope_kg(scope, basis) for scope in scopes)


@dataclass(frozen=True, slots=True)
class Certificate:
    """Energy certificates retired for scope 2; `serials` is the range as the registry writes it, `meaning`
    spells the codes of scheme and registry out."""

    scheme: str
    registry: str
    serials: str
    mwh: Decimal
    plant: Bilingual
    vintage_start: date
    vintage_end: date
    retired_on: date
    registry_reference: str
    meaning: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Credit:
    """Carbon credits retired for the claim, in whole tonnes; `meaning` as for certificates."""

    scheme: str
    registry: str
    serials: str
    tonnes: int
    project: Bilingual
    kind: Kind | None
    vintage_start: date
    vintage_end: date
    retired_on: date
    registry_reference: str
    meaning: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate of the standard: what it asks, the clause, what was found, and what would cure it.

    `unconfirmed`: the source of the rule could not be confirmed in print, so that it can only refuse.
    """

    gate: Bilingual
    clause: str
    passed: bool
    found: Bilingual
    cure: Bilingual | None = None
    unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Verification:
    """The independent opinion (R194), bound to one exact inventory."""

    body: Bilingual
    accreditation: str
    accreditation_valid_to: date
    criteria: str
    level: Level
    materiality_percent: Decimal
    misstatement_kg: Decimal
    opinion: Opinion
    signed_on: date
    inventory_sha256: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A reduction measure: kilograms a year at equal output, planned and achieved (R202)."""

    label: Bilingual
    scope: Scope
    planned_kg: Decimal
    achieved_kg: Decimal | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A reduction target of one scope in percent, planned and actual, or why there is none (R176, R202)."""

    scope: Scope
    planned_percent: Decimal | None = None
    by: date | None = None
    actual_percent: Decimal | None = None
    exclusion_reason: Bilingual | None = None


@dataclass(frozen=True, slots=True)
class FactorSource:
    """A factor that a line used, and where it is published."""

    factor: str
    value: Decimal
    unit: str
    region: str
    year: int | None
    source: str
    clause: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to the statement (R204), by its digest."""

    label: Bilingual
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """One statement under one standard, or the answer that it cannot be made.

    `claim` is the sentence that is claimed; it is printed only while the statement is issued.
    `declared_on` is the day of the declaration or, where it was refused, of the examination.
    `status_cure` says what would cure a refusal. `issuer_key` is the id of the key that signs the evidence.
    `standard` is the designation with its edition, `standard_title` what that document is called.

    Raises:
        InconsistentView: an issued statement whose neutrality test or gates fail, without opinion, or whose
            opinion is about another inventory.
    """

    number: str
    version: int
    status: Status
    status_reason: Bilingual | None
    standard: str
    standard_title: Bilingual
    declared_on: date
    claim: Bilingual
    notices: tuple[Bilingual, ...]
    subject: Subject
    period_start: date
    period_end: date
    boundary: Bilingual
    consolidation: Bilingual
    facilities: tuple[Bilingual, ...]
    methods: Bilingual
    scopes: tuple[Scope, ...]
    scope2_basis: Basis
    inventory: Inventory
    certificates: tuple[Certificate, ...]
    credits_retired: tuple[Credit, ...]
    gates: tuple[Gate, ...]
    verification: Verification | None
    measures: tuple[Measure, ...]
    targets: tuple[Target, ...]
    factor_sources: tuple[FactorSource, ...]
    attachments: tuple[Attachment, ...] = ()
    bundle_file: str = "bundle.zip"
    key_file: str = "issuer-key.pem"
    issuer_key: str | None = None
    status_cure: Bilingual | None = None
    sample: bool = False

    def __post_init__(self) -> None:
        if self.status != "issued":
            return
        if not self.neutral:
            raise InconsistentView("an issued statement whose credits do not cover its emissions")
        if not all(gate.passed for gate in self.gates):
            raise InconsistentView("an issued statement with a gate that does not hold")
        if self.verification is None or self.verification.inventory_sha256 != self.inventory.sha256:
            raise InconsistentView("an issued statement without an opinion on this exact inventory")

    @property
    def synthetic(self) -> bool:
        """Whether a factor behind the figures is marked as synthetic."""
        return any(one.source.endswith(SYNTHETIC) for one in self.factor_sources)

    @property
    def emissions_kg(self) -> Decimal:
        """E: the scopes of the claim under its scope 2 method."""
        return self.inventory.total_kg(self.scopes, self.scope2_basis)

    @property
    def emissions_tonnes(self) -> int:
        """E in whole tonnes, rounded up (R196)."""
        return tonnes_rounded_up(self.emissions_kg)

    @property
    def credits_tonnes(self) -> int:
        """C: credits retired for the claim."""
        return sum(credit.tonnes for credit in self.credits_retired)

    @property
    def neutral(self) -> bool:
        """Whether E is covered by C (R196)."""
        return self.emissions_tonnes <= self.credits_tonnes
