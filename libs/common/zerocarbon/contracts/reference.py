"""Facts about organisations, factories, meters and sources. Written by `ingest` alone."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from zerocarbon.contracts.base import Code, Event, Id, Instant, Part, Sha256, Text, topic

REFERENCE = topic("reference")

FactoryState = Literal["design", "construction", "operating"]

SourceKind = Literal[
    "electricity-import",
    "electricity-generation",
    "electricity-export",
    "heat-import",
    "heat-export",
    "stationary-fuel",
    "mobile-fuel",
    "refrigerant",
    "process-gas",
    "extinguisher",
    "shielding-gas",
    "switchgear",
    "waste-water",
    "carbonate",
    "methane-recovery",
    "co2-recovery",
    "scope3",
]
"""What a source's quantity means, and so how it is quantified."""


class OrganisationRegistered(Event):
    """An organisation joined the installation."""

    TYPE: ClassVar[str] = "zerocarbon.reference.organisation-registered.v1"
    TOPIC: ClassVar[str] = REFERENCE
    organisation_id: Id
    code: Code
    name_en: Text
    name_zh: Text

    def key(self) -> str:
        return self.organisation_id

    def subject(self) -> str:
        return f"organisation/{self.organisation_id}"


class FactoryEvent(Event):
    """An event of one factory, in that factory's order."""

    TOPIC: ClassVar[str] = REFERENCE
    factory_id: Id

    def key(self) -> str:
        return self.factory_id

    def subject(self) -> str:
        return f"factory/{self.factory_id}"


class FactoryRegistered(FactoryEvent):
    """A factory and its first owner. The id does not contain the owner: ownership is dated."""

    TYPE: ClassVar[str] = "zerocarbon.reference.factory-registered.v1"
    organisation_id: Id
    owned_from: date
    code: Code
    name_en: Text
    name_zh: Text
    time_zone: Text
    country: Text
    grid_region: Text
    state: FactoryState
    industry: Text
    products: list[Text] = Field(min_length=1)


class SourceRegistered(FactoryEvent):
    """An emission source or flow of a factory. `substance` is its fuel, agent, carrier or material.

    `attributes` carries what the kind needs: the roof's owner for generation, the freight mode, the
    abatement of a process gas. Values are text; their meaning is given by the kind. A source that is a term
    of another source's mass balance names that source by `balance_of` and its term by `flow`.
    """

    TYPE: ClassVar[str] = "zerocarbon.reference.source-registered.v1"
    source_id: Id
    code: Code
    name_en: Text
    name_zh: Text
    kind: SourceKind
    substance: Code
    unit: Text
    scope3_category: int | None = Field(default=None, ge=1, le=15)
    attributes: dict[str, str] = Field(default_factory=dict)


class MeterRegistered(FactoryEvent):
    """A meter and the source that it measures."""

    TYPE: ClassVar[str] = "zerocarbon.reference.meter-registered.v1"
    meter_id: Id
    source_id: Id
    code: Code
    unit: Text
    interval_seconds: int = Field(gt=0)


Role = Literal["operator", "preparer", "reviewer", "verifier", "registry", "admin"]


class OrganisationEvent(Event):
    """An event of an organisation as a whole."""

    TOPIC: ClassVar[str] = REFERENCE
    organisation_id: Id

    def key(self) -> str:
        return self.organisation_id

    def subject(self) -> str:
        return f"organisation/{self.organisation_id}"


class GrantIssued(OrganisationEvent):
    """Somebody outside the organisation may act in one role, on one factory and period or on all."""

    TYPE: ClassVar[str] = "zerocarbon.reference.grant-issued.v1"
    grant_id: Id
    grantee_id: Id
    role: Role
    factory_id: Id | None = None
    period_start: date | None = None
    period_end: date | None = None
    until: Instant


class GrantRevoked(OrganisationEvent):
    """A grant ended before its time."""

    TYPE: ClassVar[str] = "zerocarbon.reference.grant-revoked.v1"
    grant_id: Id


class ApiKeyIssued(OrganisationEvent):
    """A key exists. Only its SHA-256 is published; the key itself was shown once, to whom asked."""

    TYPE: ClassVar[str] = "zerocarbon.reference.api-key-issued.v1"
    api_key_id: Id
    principal_id: Id
    roles: list[Role] = Field(min_length=1)
    key_sha256: Sha256
    expires_at: Instant


class ApiKeyRevoked(OrganisationEvent):
    """A key is no longer accepted."""

    TYPE: ClassVar[str] = "zerocarbon.reference.api-key-revoked.v1"
    api_key_id: Id


class Contact(Part):
    """How personal data appears in events: a random reference, never the data."""

    person_id: Id
