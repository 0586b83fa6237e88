"""All published events by type: what a reader may meet on a topic."""

from __future__ import annotations

from zerocarbon.contracts import (
    activity,
    alert,
    certificate,
    declaration,
    inventory,
    reference,
    registry_inbound,
)
from zerocarbon.contracts.base import Event

_MODULES = (reference, activity, inventory, certificate, declaration, alert, registry_inbound)


def _published() -> dict[str, type[Event]]:
    found: dict[str, type[Event]] = {}
    for module in _MODULES:
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Event) and "TYPE" in vars(value):
                found[value.TYPE] = value
    return dict(sorted(found.items()))


EVENTS: dict[str, type[Event]] = _published()
TOPICS: tuple[str, ...] = tuple(sorted({event.TOPIC for event in EVENTS.values()}))
