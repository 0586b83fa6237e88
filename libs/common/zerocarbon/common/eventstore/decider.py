"""Deciders: the pure half of an aggregate. Domains import this and nothing that touches a database."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from zerocarbon.common.eventstore.upcast import UPCASTERS
from zerocarbon.contracts.base import Event

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Snapshots(Generic[S]):
    """How a long stream's state is kept.

    Attributes:
        fold: the version of `evolve` and of the form of the state; a mismatch means: ignore.
        encode, decode: the state as bytes and back, without loss.
        every: after how many events since the last snapshot the next one is written.
    """

    fold: str
    encode: Callable[[S], bytes]
    decode: Callable[[bytes], S]
    every: int = 500

    def stamp(self) -> str:
        """Fold version and upcasters together: either changing makes older snapshots worthless."""
        chains = sorted(f"{old}>{new}" for old, (new, _) in UPCASTERS.items())
        lifted = hashlib.sha256("|".join(chains).encode()).hexdigest()[:12]
        return f"{self.fold}/{lifted}"


@dataclass(frozen=True, slots=True)
class Decider(Generic[S]):
    """An aggregate's pure half: where it starts and how an event changes it."""

    initial: Callable[[], S]
    evolve: Callable[[S, Event], S]
    snapshots: Snapshots[S] | None = None
