"""What callers are given, as the OpenAPI document names it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from zerocarbon.contracts.base import Code, Exact, Id, Instant
from zerocarbon.contracts.reference import FactoryRegistered, MeterRegistered, Role, SourceRegistered

NEXT = Field(description="To be given as `after` for the page that follows; null on the last one.")


class IssuedApiKey(BaseModel):
    """Whose key was issued, for what and until when. The key itself is in a header of the answer."""

    organisation_id: Id
    api_key_id: Id = Field(description="By which the key is revoked.")
    principal_id: Id = Field(description="Who acts with it; a later key for the same one names this id.")
    roles: list[Role]
    expires_at: Instant = Field(examples=["2099-12-31T00:00:00Z"])


class RegisteredFactory(FactoryRegistered):
    """A factory as it was registered, and what is odd about it without being refused."""

    warnings: list[str]


class FactoryPage(BaseModel):
    """Factories in the order of their codes."""

    items: list[FactoryRegistered]
    next: Code | None = NEXT


class SourcePage(BaseModel):
    """Sources of a factory in the order of their codes."""

    items: list[SourceRegistered]
    next: Code | None = NEXT


class MeterPage(BaseModel):
    """Meters of a factory in the order of their codes."""

    items: list[MeterRegistered]
    next: Code | None = NEXT


class ShownReading(BaseModel):
    """One revision of an interval's value, in the unit of the meter."""

    start: Instant
    revision: int = Field(ge=1, description="1 as first recorded; each correction is the next.")
    value: Exact


class ReadingPage(BaseModel):
    """Readings of a meter by interval and revision."""

    items: list[ShownReading]
    next: str | None = NEXT


class RefusedRow(BaseModel):
    """A row that was not recorded, and by which rule."""

    rule: str
    message: str
    pointer: str | None = None
    row: int | None = Field(default=None, description="From 1, the first below the header.")


class ImportedFile(BaseModel):
    """What of a file was recorded."""

    meter: Code
    accepted: int = Field(description="Rows that were recorded.")
    accepted_rows: str = Field(examples=["1-40,42-96"])
    sum: Exact = Field(description="Of the recorded rows, in `unit`.")
    unit: str
    first_interval: Instant
    last_interval: Instant
    refused: list[RefusedRow]
