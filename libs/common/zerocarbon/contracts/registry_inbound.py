"""What certificate registries tell us: one schema for signed webhooks and for the topic."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Literal

from pydantic import Field

from zerocarbon.contracts.base import Event, Id, Text, topic
from zerocarbon.contracts.certificate import Project, Unit

REGISTRY_INBOUND = topic("registry-inbound")


class RegistryNotice(Event):
    """One numbered notice of one registry. Numbers of a registry follow each other without a gap."""

    TYPE: ClassVar[str] = "zerocarbon.registry.notice.v1"
    TOPIC: ClassVar[str] = REGISTRY_INBOUND
    registry: Text
    sequence: int = Field(ge=1)
    kind: Literal["issued", "transferred", "retired", "withdrawn"]
    scheme: Text
    serial: Text
    low: int = Field(ge=0)
    high: int = Field(gt=0)
    unit: Unit
    holder_organisation_id: Id | None = None
    project: Project | None = None
    vintage_start: date | None = None
    vintage_end: date | None = None
    on: date
    reference: Text
    correlation_id: Id | None = None
    reason: Text | None = None

    def key(self) -> str:
        return self.registry

    def subject(self) -> str:
        return f"registry/{self.registry}"
