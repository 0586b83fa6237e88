"""The topics as a reader sees them: purpose, keys, retention, and which reach an organisation's own tools.

Topics named `zerocarbon.<name>.v1` carry every tenant and are for services. What an organisation's own
tools may read is repeated on `zerocarbon.out.<organisation id>.<name>.v1`, guarded by a prefix ACL. The id
stands there, and not the code: a code may contain dots, so one organisation's prefix could cover another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from zerocarbon.contracts.base import Event
from zerocarbon.contracts.registry import EVENTS

PARTITIONS = 48
"""Partitions of a topic at birth. Growing is a new topic plus replay, because keys would move."""

EGRESS_PARTITIONS = 1
"""Partitions of an organisation's own topic: it is small, and one partition keeps all of it in order."""

EGRESS_PREFIX = "zerocarbon.out."

NEVER_OUT = frozenset(
    {
        "zerocarbon.reference.api-key-issued.v1",
        "zerocarbon.reference.api-key-revoked.v1",
        "zerocarbon.reference.grant-issued.v1",
        "zerocarbon.reference.grant-revoked.v1",
    }
)
"""Events about access: they stay inside, though their topic goes out."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One topic. `name` is the middle of the address `zerocarbon.<name>.v1`."""

    name: str
    purpose: str
    written_by: str
    compacted: bool = False
    egress: bool = True

    @property
    def address(self) -> str:
        """The topic that services read."""
        return f"zerocarbon.{self.name}.v1"

    def egress_address(self, organisation_id: str) -> str:
        """The topic that tools of one organisation read."""
        return f"{EGRESS_PREFIX}{organisation_id}.{self.name}.v1"

    def events(self) -> dict[str, type[Event]]:
        """The events on this topic, by type."""
        return {name: event for name, event in EVENTS.items() if self.address == event.TOPIC}

    def egress_events(self) -> dict[str, type[Event]]:
        """Those of them that reach the organisation's own topic."""
        if not self.egress:
            return {}
        return {name: event for name, event in self.events().items() if name not in NEVER_OUT}


CHANNELS: tuple[Channel, ...] = (
    Channel("reference", "Organisations, factories, sources, meters, and who may act for whom.", "ingest"),
    Channel(
        "activity",
        "What factories consumed: meter readings and activity records, revised by new events.",
        "ingest",
    ),
    Channel(
        "inventory",
        "Closed inventories as whole, numbered, hashed versions, and approved factors.",
        "accounting",
    ),
    Channel(
        "inventory-latest",
        "The newest figure of each inventory line; a line that is gone is a tombstone (a null value).",
        "accounting",
        compacted=True,
    ),
    Channel(
        "certificate",
        "Energy certificates and carbon credits: issued, reserved, retired, withdrawn.",
        "certificates",
    ),
    Channel("declaration", "Commitments, plans, opinions, claims and statements.", "declaration"),
    Channel("alert", "Conditions that a person should look at.", "every service"),
    Channel(
        "registry-inbound",
        "Numbered notices of certificate registries, the same as their signed webhooks.",
        "certificate registries",
        egress=False,
    ),
)


def key_of(event: type[Event]) -> str:
    """How a type's partition key is made of its fields, such as `{factory_id}`; taken from `Event.key`."""
    return str(event.key(cast(Event, _Fields())))


def subject_of(event: type[Event]) -> str:
    """How a type's CloudEvents subject is made of its fields, such as `factory/{factory_id}`."""
    return str(event.subject(cast(Event, _Fields())))


class _Path(str):
    """A field's name in braces; a field of it has the longer name."""

    __slots__ = ()

    def __getattr__(self, name: str) -> _Path:
        return _Path(f"{self[:-1]}.{name}}}")


class _Fields:
    """Stands where an event would: every field holds its own name."""

    def __getattr__(self, name: str) -> _Path:
        return _Path(f"{{{name}}}")
