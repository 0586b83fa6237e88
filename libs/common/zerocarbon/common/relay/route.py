"""Where events go: the topics of this product, and copies for each organisation's own readers."""

from __future__ import annotations

from typing import Protocol

from zerocarbon.common.eventstore.event import StoredEvent

EGRESS = frozenset({"reference", "activity", "inventory", "inventory-latest", "certificate", "declaration"})
"""Short names of the topics that organisations may read about themselves."""


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
    """`zerocarbon.out.<organisation>.<short name>.v1`, for the BI tools of one organisation."""

    def topic(self, event: StoredEvent) -> str | None:
        """See `Route.topic`. Events of no organisation are nobody's to read."""
        short = event.topic.removeprefix("zerocarbon.").rpartition(".")[0]
        if event.organisation_id is None or short not in EGRESS:
            return None
        return egress_topic(event.organisation_id, short)


def egress_topic(organisation_id: str, short_name: str) -> str:
    """The name of an organisation's topic; `zerocarbon.out.<organisation>.` is the prefix of its rights."""
    return f"zerocarbon.out.{organisation_id}.{short_name}.v1"
