"""What callers are given, as the OpenAPI document names it."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, Field

from zerocarbon.contracts.base import Code, Exact, Id, Instant, Period, Sha256
from zerocarbon.contracts.inventory import (
    Attribution,
    InventoryClosed,
    InventoryLine,
    MeterCoverage,
    NotCounted,
    Pin,
    Totals,
)
from zerocarbon.proof.rollup import Level


class Span(BaseModel):
    """A quantity of the stretch `[start, end)`."""

    start: Instant
    end: Instant
    quantity: Exact


class Sums(BaseModel):
    """Activity of a source by unit of time, in the unit of the source."""

    source: Code
    unit: str
    level: Level
    time_zone: str
    known_on: date | None
    total: Exact = Field(description="Of all that is below.")
    items: list[Span]
    not_allocated: list[Span] = Field(description="What belongs to no single hour, day or month.")


class InventorySummary(BaseModel):
    """A version without its lines; from `closed_at` on only of one that is closed."""

    inventory_id: Id
    factory_id: Id
    profile: str
    period: Period
    version: int
    state: Literal["open", "closed"]
    supersedes: Id | None
    closed_at: Instant | None = None
    knowledge_date: date | None = None
    totals: Totals | None = None
    lines_sha256: Sha256 | None = None
    inventory_sha256: Sha256 | None = None
    restatement_reason: str | None = None


class InventoryList(BaseModel):
    """All versions of all periods of a factory."""

    items: list[InventorySummary]


class Inventory(InventorySummary):
    """A version with what it froze, views over its lines, and all versions of its period and profile."""

    superseded: bool
    closed: InventoryClosed | None = Field(description="As it was published; null while the version is open.")
    breakdown: dict[str, Any] | None
    pending: dict[str, Any] | None = Field(description="What facts that arrived since the close would move.")
    versions: list[InventorySummary]


class OpenQuestion(BaseModel):
    """What has to be answered before the period can be closed, and by which rule."""

    rule: str
    message: str


class Preview(BaseModel):
    """A period as of now: what is open, and what it would come to."""

    inventory_id: Id
    as_of: Instant
    knowledge_date: date
    complete: bool
    open_questions: list[OpenQuestion]
    profile: str
    gwp_set: str
    totals: Totals
    lines: list[InventoryLine]
    lines_sha256: Sha256
    attribution: Attribution | None
    coverage: list[MeterCoverage]
    readings_root: Sha256 | None
    readings_count: int
    pins: list[Pin]
    not_counted: list[NotCounted]
