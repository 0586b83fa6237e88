"""The steps of a batch, in order: what a fault test may interrupt and a trace may show."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum


class Step(StrEnum):
    """Named after what has just been done."""

    RECEIVED = "received"
    PREPARED = "prepared"
    FLUSHED = "flushed"
    COMMITTED = "committed"
    TOLD = "told"


OnStep = Callable[[Step], None]


def unobserved(_step: Step) -> None:
    """Nobody looks."""
