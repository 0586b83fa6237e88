"""What a service hands to whoever composes it: alone on Kafka, or all four in one process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import grpc
from fastapi import APIRouter

from zerocarbon.common.http.context import ServiceContext

if TYPE_CHECKING:
    from zerocarbon.common.bus.port import Bus
    from zerocarbon.common.consumer.processor import Processor
    from zerocarbon.common.consumer.timer import Fire

GrpcRegistration = Callable[[grpc.aio.Server], str]
"""Adds a servicer to a server and gives its full service name, for health and reflection."""


@dataclass(frozen=True, slots=True)
class ConsumerSpec:
    """One consumer of a service. `name` is durable: its positions are kept under it."""

    name: str
    topics: tuple[str, ...]
    processor: Processor


def _none_of(*_parts: object) -> tuple[()]:
    return ()


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """A service as its parts. `migrations` is the package of its alembic versions; `timers` fires its due
    timers, for a service that sets any.
    """

    name: str
    migrations: str
    routers: Sequence[APIRouter]
    consumers: Callable[[ServiceContext, Bus], Sequence[ConsumerSpec]] = field(default=_none_of)
    grpc: Callable[[ServiceContext], Sequence[GrpcRegistration]] = field(default=_none_of)
    timers: Callable[[ServiceContext], Fire] | None = None
