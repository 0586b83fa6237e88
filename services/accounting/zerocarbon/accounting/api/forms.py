"""What callers send. Unknown fields are refused: a misspelt name must not be ignored in silence."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from zerocarbon.contracts.base import Code, Exact, Sha256, Text
from zerocarbon.contracts.inventory import Consolidation, RestatementKind, ScreenedCategory
from zerocarbon.proof.profiles import profiles
from zerocarbon.proof.quantify.inputs import DEFAULT_PROFILE


class Form(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PeriodForm(Form):
    """The time boundary: local dates, half-open."""

    start: date | None = Field(default=None, examples=["2024-01-01"])
    end: date | None = Field(default=None, examples=["2025-01-01"])


class InventoryForm(Form):
    """The three boundaries of an inventory. What is absent is refused by its rule (R8)."""

    period: PeriodForm = Field(default_factory=PeriodForm)
    profile: Text = Field(default=DEFAULT_PROFILE, examples=list(profiles()))
    consolidation: Consolidation | None = Field(default=None, examples=["operational-control"])
    scopes: list[Literal["1", "2", "3"]] = Field(default_factory=list, examples=[["1", "2", "3"]])
    operational_boundary: str | None = Field(
        default=None, max_length=2000, examples=["All sources of the site; scope 3 in full."]
    )


class ScreeningForm(Form):
    """Answers to scope 3 categories; a later answer replaces an earlier one."""

    categories: list[ScreenedCategory] = Field(
        min_length=1,
        max_length=15,
        examples=[[{"category": 14, "state": "not-relevant", "reason": "There are no franchises."}]],
    )


class ExclusionForm(Form):
    """A source to be left out, with reason and upper estimate in kilograms of CO2e (R26)."""

    source: Code = Field(examples=["lawn-mower"])
    reason: str | None = Field(default=None, max_length=2000, examples=["Two litres of petrol a year."])
    estimate_kg: Exact | None = Field(default=None, examples=["5"])


Reason = Annotated[str, StringConstraints(min_length=1, max_length=1900, strip_whitespace=True)]
"""Shorter than other texts: the version carries it behind its kind."""


class RestatementForm(Form):
    """Why a closed inventory is replaced."""

    kind: RestatementKind = Field(examples=["late-data"])
    reason: Reason = Field(examples=["The gas invoice of December came in July."])


class FactorForm(Form):
    """An organisation's own factor: supplier-specific or measured."""

    factor: Code = Field(examples=["steam-of-the-park"])
    substance: Code = Field(examples=["steam"])
    purpose: Text = Field(examples=["heat"])
    value: Exact = Field(examples=["0.0986"])
    unit: Text = Field(examples=["tCO2/GJ"])
    gas: Text = Field(examples=["CO2"])
    valid_from: date = Field(examples=["2024-01-01"])
    valid_to: date | None = None
    published: date = Field(examples=["2025-02-10"])
    source: Text = Field(examples=["Supplier's verified statement for 2024"])
    evidence_sha256: Sha256 = Field(examples=["0" * 64])
    synthetic: bool = False
