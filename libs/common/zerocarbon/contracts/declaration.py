"""Commitments, plans, verifications, claims, statements. Written by `declaration`; keyed by factory."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from zerocarbon.contracts.base import Event, Exact, Id, Instant, Part, Period, Sha256, Text, topic
from zerocarbon.contracts.certificate import UnitRange

DECLARATION = topic("declaration")

Standard = Literal["PAS 2060:2014", "ISO 14068-1:2023"]
OpinionKind = Literal["unmodified", "modified", "adverse", "disclaimed"]


class DeclarationEvent(Event):
    """An event about one factory's claims."""

    TOPIC: ClassVar[str] = DECLARATION
    organisation_id: Id
    factory_id: Id

    def key(self) -> str:
        return self.factory_id

    def subject(self) -> str:
        return f"factory/{self.factory_id}"


class CommitmentMade(DeclarationEvent):
    """The organisation commits to carbon neutrality of a factory for a period ahead (R192, R193)."""

    TYPE: ClassVar[str] = "zerocarbon.declaration.commitment-made.v1"
    commitment_id: Id
    period: Period
    statement_en: Text
    statement_zh: Text
    signatory_id: Id
    made_on: date


class PolicySet(DeclarationEvent):
    """The organisation chose whether statements under withdrawn standards are refused (R192)."""

    TYPE: ClassVar[str] = "zerocarbon.declaration.policy-set.v1"
    withdrawn_standards_refused: bool
    set_on: date


class PlannedMeasure(Part):
    """A measure of the plan: what it saves in kilograms of CO2e a year at equal output."""

    code: Text
    name_en: Text
    name_zh: Text
    scope: Literal["1", "2", "3"]
    planned_kg: Exact
    achieved_kg: Exact | None = None
    done_on: date | None = None


class Target(Part):
    """A reduction target for one scope, or the reasoned exclusion of that scope (R176)."""

    scope: Literal["1", "2", "3"]
    reduction_percent: Exact | None = None
    by: date | None = None
    exclusion_reason: Text | None = None


class PlanApproved(DeclarationEvent):
    """The management plan with all parts of R193."""

    TYPE: ClassVar[str] = "zerocarbon.declaration.plan-approved.v1"
    plan_id: Id
    neutrality_period: Period
    baseline_date: date
    first_qualification_date: date
    commitment_end: date
    commitment_statement: Text
    targets: list[Target] = Field(min_length=3)
    measures: list[PlannedMeasure] = Field(min_length=1)
    offset_strategy: Text
    residual_pathway: Text
    approver_id: Id
    approved_on: date


class MeasureDone(DeclarationEvent):
    """A planned measure was carried out, with what it achieved and the evidence."""

    TYPE: ClassVar[str] = "zerocarbon.declaration.measure-done.v1"
    plan_id: Id
    code: Text
    achieved_kg: Exact
    done_on: date
    evidence_sha256: Sha256


class OpinionSigned(DeclarationEvent):
    """An independent verifier's opinion on one exact inventory (R194).

    `verifier_id` is the principal that signed, let in by a grant; `signatory_id` refers to the person.
    """

    TYPE: ClassVar[str] = "zerocarbon.declaration.opinion-signed.v1"
    opinion_id: Id
    inventory_id: Id
    inventory_sha256: Sha256
    body: Text
    accreditation: Text
    accreditation_valid_to: date
    criteria: Text
    level: Literal["limited", "reasonable"]
    materiality_percent: Exact
    misstatement_kg: Exact
    verified_total_location_kg: Exact
    verified_total_market_kg: Exact
    opinion: OpinionKind
    signed_on: date
    signatory_id: Id
    verifier_id: Id | None = None
    accreditation_sector: Text | None = None
    scope: Text | None = None
    independence: Text | None = None


class ClaimOpened(DeclarationEvent):
    """A claim about (factory, boundary, period), bound to one inventory. It has its retirements once."""

    TYPE: ClassVar[str] = "zerocarbon.declaration.claim-opened.v1"
    claim_id: Id
    period: Period
    boundary: Text
    inventory_id: Id
    inventory_sha256: Sha256
    opinion_id: Id
    first_period: bool


class RetirementRequested(DeclarationEvent):
    """`declaration` asks `certificates` to retire credits for a claim, before a deadline.

    `promised_by` is the person who signed that the units serve no other purpose (R197);
    `outside_boundary` says that their projects were confirmed to stand outside the subject (DC23).
    """

    TYPE: ClassVar[str] = "zerocarbon.declaration.retirement-requested.v1"
    claim_id: Id
    correlation_id: Id
    quantity: int = Field(gt=0)
    unit: Literal["tCO2e"] = "tCO2e"
    ranges: list[UnitRange] = Field(default_factory=list)
    period: Period
    deadline: Instant
    promised_by: Id | None = None
    outside_boundary: bool | None = None


class GateResult(Part):
    """One gate of one standard: what was asked, whether it holds, what was found, and what would cure it."""

    gate: Text
    clause: Text
    passed: bool
    found: Text
    cure: Text | None = None


class StatementIssued(DeclarationEvent):
    """All gates of one standard held: the statement stands."""

    TYPE: ClassVar[str] = "zerocarbon.declaration.statement-issued.v1"
    statement_id: Id
    claim_id: Id
    version: int = Field(ge=1)
    standard: Standard
    scope2_basis: Literal["location", "market"]
    emissions_kg: Exact
    emissions_tonnes_rounded_up: int
    credits_tonnes: int
    valid: Period
    declared_on: date
    notices: list[Text]
    gates: list[GateResult]
    retirements: list[Id]
    inventory_sha256: Sha256
    bundle_root: Sha256
    opinion_id: Id | None = None


class StatementRefused(DeclarationEvent):
    """A statement was asked for and at least one gate did not hold."""

    TYPE: ClassVar[str] = "zerocarbon.declaration.statement-refused.v1"
    claim_id: Id
    standard: Standard
    asked_on: date
    gates: list[GateResult]


class StatementSuspended(DeclarationEvent):
    """A fact behind an issued statement changed; it no longer stands until cured."""

    TYPE: ClassVar[str] = "zerocarbon.declaration.statement-suspended.v1"
    statement_id: Id
    claim_id: Id
    reason: Text
    cause: Text
