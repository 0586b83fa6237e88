"""What callers send, over REST and gRPC alike. Unknown fields are refused, not ignored in silence."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from zerocarbon.contracts.base import Exact, Id, Instant, Period, Sha256, Text
from zerocarbon.contracts.certificate import UnitRange
from zerocarbon.contracts.declaration import OpinionKind, PlannedMeasure, Standard, Target


class Form(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PersonForm(Form):
    """Somebody who signs or approves. `published`: the person agreed to be named in statements."""

    name: Text
    title: Text | None = None
    contact: Text | None = None
    published: bool = False


class BilingualForm(Form):
    """A text in Chinese and English."""

    zh: Text
    en: Text


class ParticularsForm(Form):
    """What the organisation publishes of a factory (R200). `sample`: the data are not the factory's own."""

    nature: BilingualForm | None = None
    legal_representative: BilingualForm | None = None
    registered_address: BilingualForm | None = None
    production_address: BilingualForm | None = None
    industry: BilingualForm | None = None
    contact: BilingualForm | None = None
    sample: bool = False


class PolicyForm(Form):
    """The organisation's choice about standards that were withdrawn (R192)."""

    withdrawn_standards_refused: bool


class CommitmentForm(Form):
    """A commitment for a period ahead, in both languages."""

    period: Period
    statement_en: Text
    statement_zh: Text
    signatory_id: Id


class PlanForm(Form):
    """A management plan. What is missing is named by the rule that asks for it, not by the schema (R193)."""

    approver_id: Id
    neutrality_period: Period | None = None
    baseline_date: date | None = None
    first_qualification_date: date | None = None
    commitment_end: date | None = None
    commitment_statement: Text | None = None
    targets: list[Target] = Field(default_factory=list, max_length=100)
    measures: list[PlannedMeasure] = Field(default_factory=list, max_length=1000)
    offset_strategy: Text | None = None
    residual_pathway: Text | None = None


class MeasureForm(Form):
    """What a measure achieved, in kilograms of CO2e a year at equal output."""

    achieved_kg: Exact
    done_on: date
    evidence_sha256: Sha256


class OpinionForm(Form):
    """A verifier's opinion on one exact inventory (R194)."""

    inventory_id: Id
    inventory_sha256: Sha256
    body: Text
    accreditation: Text
    accreditation_sector: Text
    accreditation_valid_to: date
    criteria: Text = Field(examples=["ISO 14064-3:2019; ISO 14064-1:2018"])
    scope: Text
    level: Literal["limited", "reasonable"]
    materiality_percent: Exact
    misstatement_kg: Exact
    verified_total_location_kg: Exact
    verified_total_market_kg: Exact
    opinion: OpinionKind
    signed_on: date
    signatory: PersonForm
    independence: Text


class ClaimForm(Form):
    """A claim on a verified inventory. Without `opinion_id` the last opinion on it is meant."""

    boundary: Text = Field(examples=["factory"])
    inventory_id: Id
    opinion_id: Id | None = None


class RetirementForm(Form):
    """Credits to be retired for a claim, in whole tonnes.

    `promised_by` signs that they serve no other purpose (R197); `outside_boundary` confirms that their
    projects stand outside the subject (DC23). Without `deadline` an answer is awaited for seven days.
    """

    quantity: int = Field(gt=0, le=1_000_000_000)
    ranges: list[UnitRange] = Field(default_factory=list, max_length=1000)
    promised_by: Id
    outside_boundary: bool
    deadline: Instant | None = None


class StatementForm(Form):
    """Asks for a statement. Without `standard` the one that the date calls for is meant (R192)."""

    standard: Standard | None = None
