"""Reading what was stored, however long ago: stored bytes are never rewritten, readers lift them up.

An upcaster is a pure function from the data of one version of an event to the next; they are chained. Every
version ever shipped has a golden file that a test reads through this chain.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from zerocarbon.contracts.base import Event
from zerocarbon.contracts.registry import EVENTS

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

UPCASTERS: dict[str, tuple[str, Upcaster]] = {}
"""From an old type to its successor's type and the function that lifts the data."""


class UnknownEventType(Exception):
    """No model and no upcaster knows this type."""


def decode(event_type: str, data: bytes) -> Event:
    """The event in today's form.

    Raises:
        UnknownEventType: the type was never published by this product.
        pydantic.ValidationError: the data break the contract of the type.
        ValueError: the data are no JSON.
    """
    if event_type in EVENTS:
        return EVENTS[event_type].model_validate_json(data)
    lifted: dict[str, Any] = json.loads(data) if event_type in UPCASTERS else {}
    while event_type in UPCASTERS:
        event_type, upcaster = UPCASTERS[event_type]
        lifted = upcaster(lifted)
    if event_type not in EVENTS:
        raise UnknownEventType(event_type)
    # As JSON again: lifted data are held to exactly the rules of data that were stored in today's form.
    return EVENTS[event_type].model_validate_json(json.dumps(lifted))
