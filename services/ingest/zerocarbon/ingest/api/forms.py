"""What callers send. Unknown fields are refused: a misspelt name must not be ignored in silence."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import ErrorDetails, InitErrorDetails, PydanticCustomError

from zerocarbon.contracts.base import Code, Id, Instant, Origin, Sha256, Text
from zerocarbon.contracts.reference import FactoryState, Role, SourceKind

SaidQuantity = Annotated[
    object, WithJsonSchema({"type": "string", "pattern": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$"})
]
"""An exact quantity, as the caller wrote it. The domain reads it: a NaN must not hide what else is wrong."""

SaidInstant = Annotated[object, WithJsonSchema({"type": "string", "format": "date-time"})]
"""A moment with its offset from UTC, as the caller wrote it; read by the domain."""

SaidDay = Annotated[object, WithJsonSchema({"type": "string", "format": "date"})]
"""A local day, as the caller wrote it; read by the domain."""


class Form(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", frozen=True)


BOTH_NAMES = "documents are issued in Chinese and English, and this is the name that stands in them"


class NamedForm(Form):
    """A body about what has a name in both languages; who leaves one out is told what it is for."""

    code: Code
    name_en: Text = Field(description="The name in English documents.")
    name_zh: Text = Field(description="The name in Chinese documents; where there is none, the English one.")

    @model_validator(mode="wrap")
    @classmethod
    def _told_why(cls, data: object, validated: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return validated(data)
        except ValidationError as wrong:
            lines = [
                InitErrorDetails(
                    type=PydanticCustomError(error["type"], "{said}", {"said": _said(error)}),
                    loc=error["loc"],
                    input=error["input"],
                )
                for error in wrong.errors()
            ]
            raise ValidationError.from_exception_data(wrong.title, lines) from wrong


def _said(error: ErrorDetails) -> str:
    of_a_name = error["loc"] in (("name_en",), ("name_zh",))
    return f"{error['msg']}: {BOTH_NAMES}" if of_a_name else error["msg"]


class OrganisationForm(NamedForm):
    """Particulars of an organisation."""


class FactoryForm(NamedForm):
    """Particulars of a factory; its time zone is fixed from here on."""

    time_zone: Text = Field(examples=["Asia/Shanghai"])
    country: Text = Field(examples=["CN"])
    grid_region: Text = Field(examples=["CN-JS"])
    state: FactoryState = "operating"
    industry: Text = "photovoltaic"
    products: list[Text] = Field(min_length=1, examples=[["photovoltaic-cell"]])
    owned_from: date


class SourceForm(NamedForm):
    """An emission source or flow.

    `attributes` says what the kind is quantified with. A stock, a heel, a disposal loss, the sludge of waste
    water: each is a source of its own and of the kind of the source whose balance it enters. It names that
    source by `balance_of` and its term by `flow`, and is recorded like any other.
    """

    kind: SourceKind
    substance: Code
    unit: Text
    scope3_category: int | None = Field(default=None, ge=1, le=15)
    attributes: dict[str, str] = Field(default_factory=dict)


class MeterForm(Form):
    """A meter of a source."""

    code: Code
    source_id: Id
    unit: Text = Field(examples=["kWh"])
    interval_seconds: int = Field(gt=0, examples=[900])


class ReadingForm(Form):
    """The value of the interval that begins at `start`."""

    start: SaidInstant
    value: SaidQuantity


class SeriesForm(Form):
    """Readings of one meter."""

    meter: Code
    unit: Text
    origin: Origin = "automatic"
    readings: list[ReadingForm] = Field(min_length=1, max_length=100_000)


class ReadingsForm(Form):
    """Readings of one or several meters, accepted together or not at all unless `partial` is asked for."""

    series: list[SeriesForm] = Field(min_length=1, max_length=1000)


class CorrectionForm(Form):
    """New values for stored intervals, with the reason."""

    meter: Code
    reason: Text
    origin: Origin = "manual"
    readings: list[ReadingForm] = Field(min_length=1, max_length=10_000)


class RecordForm(Form):
    """A quantity of a source over whole local days `[start, end)`."""

    source: Code
    record: Code
    start: SaidDay
    end: SaidDay
    quantity: SaidQuantity
    unit: Text
    origin: Origin = "manual"
    evidence_sha256: Sha256 | None = None
    note: Text | None = None


class RecordsForm(Form):
    """Activity records, accepted together or not at all unless `partial` is asked for."""

    records: list[RecordForm] = Field(min_length=1, max_length=10_000)


class MappingForm(Form):
    """How a meter's file is to be read. Everything is declared; nothing is guessed."""

    meter: Code
    time_column: Annotated[str, Field(min_length=1)]
    value_column: Annotated[str, Field(min_length=1)]
    time_format: Annotated[str, Field(min_length=1, examples=["%d/%m/%Y %H:%M"])]
    unit: Text
    stamp: Literal["start", "end"]
    midnight: Literal["start-of-day", "end-of-day"] = "start-of-day"
    decimal_mark: Literal[".", ","] = "."
    delimiter: Annotated[str, Field(min_length=1, max_length=1, pattern=r'^[^"\r\n]$')] = ","
    encoding: Literal["utf-8", "utf-8-sig", "gb18030"] = "utf-8"


class ApiKeyForm(Form):
    """A key for a principal of the organisation. Without `principal_id` a new principal is made."""

    # The example leaves out who already has a key: whom an organisation knows is no one's to make up.
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"roles": ["operator"], "expires_at": "2099-12-31T00:00:00Z"}]}
    )

    roles: list[Role] = Field(min_length=1)
    expires_at: Instant = Field(description="When the key ends; not past.")
    principal_id: Id | None = Field(
        default=None, description="Who has a key of this organisation already and gets another."
    )


class GrantForm(Form):
    """Lets a principal from outside act in one role."""

    grantee_id: Id
    role: Role
    factory_id: Id | None = None
    period_start: date | None = None
    period_end: date | None = None
    until: Instant
