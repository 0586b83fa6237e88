"""The facts of a claim, in no standard's terms: what every strategy judges.

Amounts are kilograms of CO2e unless a name says tonnes. Days are dates in the factory's calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from zerocarbon.proof.numbers import total
from zerocarbon.proof.period import Period

Scope = Literal["1", "2", "3"]
Basis = Literal["location", "market"]
ALL_SCOPES: tuple[Scope, ...] = ("1", "2", "3")


@dataclass(frozen=True, slots=True)
class Emissions:
    """Scopes 1 to 3 together, under both scope 2 methods."""

    location_kg: Decimal
    market_kg: Decimal

    def under(self, basis: Basis) -> Decimal:
        """The total under one scope 2 method."""
        return self.location_kg if basis == "location" else self.market_kg


@dataclass(frozen=True, slots=True)
class Subject:
    """What the claim is about: a factory in a state of its life, a named boundary, the scopes claimed."""

    factory: str
    state: str
    boundary: str
    scopes: tuple[str, ...] = ALL_SCOPES


@dataclass(frozen=True, slots=True)
class EarlierPeriod:
    """A period declared before, with what a like-for-like comparison needs (R42)."""

    period: Period
    emissions: Emissions
    profile: str
    gwp_set: str
    boundary: str
    output: Decimal | None = None
    extended_by_historic_reductions: bool = False


@dataclass(frozen=True, slots=True)
class Commitment:
    """The signed commitment to neutrality for a period ahead (R192)."""

    period: Period
    made_on: date
    statement: str


@dataclass(frozen=True, slots=True)
class Target:
    """A target for one scope, or the reason why the scope has none (R176)."""

    scope: str
    reduction_percent: Decimal | None = None
    by: date | None = None
    exclusion_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the plan, at equal output; `achieved_kg` and `done_on` once it was carried out (R214)."""

    code: str
    scope: str
    planned_kg: Decimal
    achieved_kg: Decimal | None = None
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The management plan with the parts of R193."""

    neutrality_period: Period
    baseline_date: date
    first_qualification_date: date
    commitment_end: date
    commitment_statement: str
    targets: tuple[Target, ...]
    measures: tuple[Measure, ...]
    offset_strategy: str
    residual_pathway: str
    approved_on: date


@dataclass(frozen=True, slots=True)
class SourceSize:
    """What one source of one scope weighs under both methods."""

    source: str
    scope: str
    emissions: Emissions


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A source or category that is not in the inventory; no estimate means that its size is unknown."""

    name: str
    scope: str
    estimate_kg: Decimal | None


@dataclass(frozen=True, slots=True)
class Inventory:
    """A closed inventory, as far as gates ask for it."""

    sha256: str
    version: int
    closed_on: date
    profile: str
    gwp_set: str
    emissions: Emissions
    sources: tuple[SourceSize, ...]
    left_out: tuple[LeftOut, ...] = ()

    def estimated_total(self, basis: Basis) -> Decimal:
        """Inventory plus upper estimates of what is left out: the denominator of the coverage rules."""
        estimates = (left.estimate_kg for left in self.left_out if left.estimate_kg is not None)
        return total([self.emissions.under(basis), *estimates])


@dataclass(frozen=True, slots=True)
class Opinion:
    """A verifier's opinion (R194). `independent`: neither preparer nor reviewer nor consultant."""

    kind: str
    inventory_sha256: str
    body: str
    signed_on: date
    accreditation_valid_to: date
    criteria: str
    level: str
    materiality_percent: Decimal
    misstatement_kg: Decimal
    verified: Emissions
    independent: bool


@dataclass(frozen=True, slots=True)
class Credits:
    """Retired units of one serial range, half-open `[low, high)`, of the number space `serial` of a registry.

    The vintage is half-open too: `[vintage_start, vintage_end)`.
    `outside_boundary` is true only when it was confirmed that the project stands outside the subject (DC23).
    """

    scheme: str
    registry: str
    serial: str
    block: str
    low: int
    high: int
    unit: str
    project: str
    country: str
    location: str
    outside_boundary: bool
    vintage_start: date
    vintage_end: date
    issued_on: date
    retired_on: date
    for_factory: bool
    purpose: str
    period: Period
    registry_reference: str
    kind: str | None = None

    @property
    def tonnes(self) -> int:
        """How many units."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Policy:
    """What the organisation chose."""

    withdrawn_standards_refused: bool = False


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Everything that the gates of any standard look at, on the day of the declaration.

    `output` is the production of the period in the unit of the earlier periods; `intensity_explanation` says
    why emissions rose while emissions per unit fell.
    """

    subject: Subject
    period: Period
    declared_on: date
    first_period: bool
    inventory: Inventory
    commitment: Commitment | None = None
    plan: Plan | None = None
    opinion: Opinion | None = None
    credits: tuple[Credits, ...] = ()
    earlier: tuple[EarlierPeriod, ...] = ()
    extended_by_historic_reductions: bool = False
    output: Decimal | None = None
    intensity_explanation: str | None = None
    policy: Policy = Policy()
