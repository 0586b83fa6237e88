"""What callers send, checked alike over REST and gRPC."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from zerocarbon.certificates.domain.choice import Chosen
from zerocarbon.certificates.domain.claim import Claim
from zerocarbon.certificates.domain.serial_range import SerialRange
from zerocarbon.certificates.service.order import Order
from zerocarbon.common.business_clock import BusinessClock
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.database import Database
from zerocarbon.contracts.base import Exact, Id, Period, Text
from zerocarbon.contracts.certificate import Purpose, Unit

HOLD_DAYS = 14


class RangeForm(BaseModel):
    """Units of one block: `[low, high)`."""

    block_id: Id
    low: int = Field(ge=0)
    high: int = Field(gt=0)

    @model_validator(mode="after")
    def _not_reversed(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low is below high: a range is half-open")
        return self


class RetirementForm(BaseModel):
    """Units to set aside or to retire for one factory and period.

    Without `ranges` the oldest vintage is used first, of the given `schemes` if any are given.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "factory_id": "3f1c7a52-5c1b-5a55-9c9e-3f1f4a100001",
                    "period": {"start": "2024-01-01", "end": "2025-01-01"},
                    "quantity": 1200,
                    "schemes": ["GEC"],
                }
            ]
        }
    )

    factory_id: Id
    period: Period
    quantity: int = Field(gt=0, le=10**12)
    purpose: Purpose = "scope2-claim"
    unit: Unit = "MWh"
    ranges: list[RangeForm] = Field(default_factory=list, max_length=10_000)
    schemes: list[Text] = Field(default_factory=list, max_length=100)
    hold_days: int = Field(default=HOLD_DAYS, ge=1, le=90)

    @model_validator(mode="after")
    def _period_not_reversed(self) -> Self:
        if self.period.start >= self.period.end:
            raise ValueError("a period begins before it ends")
        return self

    async def order(self, organisation_id: str, database: Database, clock: BusinessClock) -> Order:
        """The order of an organisation, held for the given days from now on."""
        async with database.reader() as session:
            now = await clock.now(session.connection)
        return Order(
            new_id(),
            organisation_id,
            Claim(self.factory_id, self.purpose, self.period.start, self.period.end),
            self.unit,
            self.quantity,
            now + timedelta(days=self.hold_days),
            tuple(Chosen(one.block_id, SerialRange(one.low, one.high)) for one in self.ranges),
            tuple(self.schemes),
        )


class ReleaseForm(BaseModel):
    """Why a request is called back."""

    reason: Text = "called back"


class ProvisionalBlockForm(BaseModel):
    """Units that the organisation says it holds, before a registry says so."""

    scheme: Text
    serial: Text
    low: int = Field(ge=0)
    high: int = Field(gt=0)

    @model_validator(mode="after")
    def _not_reversed(self) -> Self:
        if self.low >= self.high:
            raise ValueError("low is below high: a range is half-open")
        return self


class MeteredForm(BaseModel):
    """What a plant generated in a month."""

    mwh: Exact = Field(ge=0)
    remainder_mwh: Exact = Field(default=Decimal(0), ge=0, lt=1)


class NewSecret(BaseModel):
    """A registry's secret. It is shown this once."""

    registry: str
    secret_id: str
    secret: str
    kind: Literal["standard-webhooks"] = "standard-webhooks"
