"""Energy certificates and carbon credits. Written by `certificates` alone; keyed by issued block.

Ranges are half-open: `[low, high)`, so that `high - low` is the number of units. So are vintages:
`[vintage_start, vintage_end)`. `serial` names the number space within a registry in which low and high count.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from zerocarbon.contracts.base import Event, Exact, Id, Instant, Part, Period, Text, topic

CERTIFICATE = topic("certificate")

Unit = Literal["MWh", "tCO2e"]
Purpose = Literal["scope2-claim", "neutrality-claim", "quota", "compliance"]
WithdrawalCause = Literal["void", "used-elsewhere"]
"""Void: the issue itself does not stand, what was generated can be certified again. Used elsewhere: somebody
else had the units retired, what was generated is used up."""


class UnitRange(Part):
    """Consecutive units of one issued block."""

    block_id: Id
    low: int = Field(ge=0)
    high: int = Field(gt=0)


class Project(Part):
    """The plant or project behind a block, as the registry names it."""

    code: Text
    name: Text
    technology: Text
    country: Text
    location: Text
    commissioned: date | None = None
    subsidised: bool | None = None
    kind: Literal["avoidance", "reduction", "removal"] | None = None
    site_factory_id: Id | None = None
    """The factory on whose site it stands, where the registry's record was matched with one of ours."""


class CertificateEvent(Event):
    """An event of units of one issued block."""

    TOPIC: ClassVar[str] = CERTIFICATE
    block_id: Id

    def key(self) -> str:
        return self.block_id

    def subject(self) -> str:
        return f"block/{self.block_id}"


class BlockIssued(CertificateEvent):
    """A registry confirmed a block of units; they are held by one organisation."""

    TYPE: ClassVar[str] = "zerocarbon.certificate.block-issued.v1"
    organisation_id: Id
    scheme: Text
    registry: Text
    serial: Text
    low: int = Field(ge=0)
    high: int = Field(gt=0)
    unit: Unit
    project: Project
    vintage_start: date
    vintage_end: date
    issued_on: date


class GenerationMetered(Event):
    """What a plant generated in a month, by its meters: certificates for more than that are refused."""

    TYPE: ClassVar[str] = "zerocarbon.certificate.generation-metered.v1"
    TOPIC: ClassVar[str] = CERTIFICATE
    plant: Text
    month: date
    mwh: Exact
    remainder_mwh: Exact
    shortfall_mwh: Exact

    def key(self) -> str:
        return self.plant

    def subject(self) -> str:
        return f"generation/{self.plant}"


class BlockEntered(CertificateEvent):
    """An organisation typed in units that no registry has confirmed to us: they can serve no claim."""

    TYPE: ClassVar[str] = "zerocarbon.certificate.block-entered.v1"
    organisation_id: Id
    scheme: Text
    registry: Text
    serial: Text
    low: int = Field(ge=0)
    high: int = Field(gt=0)
    unit: Unit


class UnitsTransferred(CertificateEvent):
    """The registry moved units to another organisation; `organisation_id` is who held them before."""

    TYPE: ClassVar[str] = "zerocarbon.certificate.units-transferred.v1"
    organisation_id: Id
    to_organisation_id: Id
    low: int
    high: int
    registry_reference: Text


class UnitsReserved(CertificateEvent):
    """Units were set aside for one purpose until a moment."""

    TYPE: ClassVar[str] = "zerocarbon.certificate.units-reserved.v1"
    organisation_id: Id
    reservation_id: Id
    correlation_id: Id
    low: int
    high: int
    factory_id: Id
    purpose: Purpose
    period: Period
    expires_at: Instant


class RetirementSubmitted(CertificateEvent):
    """Reserved units are to be retired at the registry; final only once the registry confirms."""

    TYPE: ClassVar[str] = "zerocarbon.certificate.retirement-submitted.v1"
    organisation_id: Id
    reservation_id: Id
    correlation_id: Id
    scheme: Text
    registry: Text
    serial: Text
    low: int
    high: int
    beneficiary_factory_id: Id
    purpose: Purpose
    period: Period


class UnitsReleased(CertificateEvent):
    """A reservation ended without retirement; the units are free again."""

    TYPE: ClassVar[str] = "zerocarbon.certificate.units-released.v1"
    organisation_id: Id
    reservation_id: Id
    correlation_id: Id
    low: int
    high: int
    reason: Text


class UnitsRetired(CertificateEvent):
    """Units are retired for one beneficiary, purpose and period, confirmed by the registry; final.

    Carries what a reader needs to judge the claim without asking back.
    """

    TYPE: ClassVar[str] = "zerocarbon.certificate.units-retired.v1"
    organisation_id: Id
    retirement_id: Id
    correlation_id: Id
    scheme: Text
    registry: Text
    serial: Text
    low: int
    high: int
    unit: Unit
    beneficiary_factory_id: Id
    purpose: Purpose
    period: Period
    project: Project
    vintage_start: date
    vintage_end: date
    issued_on: date
    retired_on: date
    registry_reference: Text


class UnitsWithdrawn(CertificateEvent):
    """The registry took units back or shows them elsewhere: no claim may stand on them."""

    TYPE: ClassVar[str] = "zerocarbon.certificate.units-withdrawn.v1"
    organisation_id: Id
    low: int
    high: int
    reason: Text
    retirement_id: Id | None = None
    cause: WithdrawalCause | None = None
    """None only in events from before the field was added: it says nothing about the generation."""


class UnitsExpired(CertificateEvent):
    """The scheme's validity is over for units that nobody used; no claim may stand on them (DC16)."""

    TYPE: ClassVar[str] = "zerocarbon.certificate.units-expired.v1"
    organisation_id: Id
    low: int
    high: int
    expired_on: date


class RetirementAnswered(Event):
    """The answer to `retirement-requested`: accepted with its ranges, or refused with the rules."""

    TYPE: ClassVar[str] = "zerocarbon.certificate.retirement-answered.v1"
    TOPIC: ClassVar[str] = CERTIFICATE
    organisation_id: Id
    correlation_id: Id
    accepted: bool
    ranges: list[UnitRange] = Field(default_factory=list)
    reasons: list[Text] = Field(default_factory=list)

    def key(self) -> str:
        return self.correlation_id

    def subject(self) -> str:
        return f"retirement-request/{self.correlation_id}"
