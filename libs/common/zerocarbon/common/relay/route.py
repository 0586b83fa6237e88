"""Where events go: the topics of this product, and copies for each organisation's own readers."""

from __future__ import annotations

from typing import Protocol

from zerocarbon.common.eventstore.event import StoredEvent
from zerocarbon.contracts.channels import CHANNELS

_OUT = {name: channel for channel in CHANNELS for name in channel.egress_events()}
"""The channel of each event type that organisations read about themselves, and of no other."""


class Route(Protocol):
    """Decides on the topic of an event."""

    def topic(self, event: StoredEvent) -> str | None:
        """The topic, `None` to pass the event over. A pure function: a re-send must go the same way."""
        ...


class InternalRoute:
    """Every event on the topic that its contract names. For services only: it carries every tenant."""

    def topic(self, event: StoredEvent) -> str | None:
        """See `Route.topic`."""
        return event.topic


class EgressRoute:
    """`zerocarbon.out.<organisation>.<short name>.v1`, for the BI tools of one organisation.

    What goes out is what the contracts list. A type that they do not list stays inside: events about access,
    but also whatever an older or newer release stored under a name that this one does not know.
    """

    def topic(self, event: StoredEvent) -> str | None:
        """See `Route.topic`. Events of no organisation are nobody's to read."""
        channel = _OUT.get(event.type)
        if event.organisation_id is None or channel is None or channel.address != event.topic:
            return None
        return channel.egress_address(event.organisation_id)
