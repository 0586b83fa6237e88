"""REST and gRPC of a host: from the bound socket to the last answer."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from zerocarbon.common.composition import GrpcRegistration
from zerocarbon.common.grpc.server import serve_grpc
from zerocarbon.common.settings import Settings

DRAIN_SECONDS = 8
"""How long running requests may take to end once the process was asked to."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a host listens."""

    http: str
    grpc: str | None


class PartFailed(Exception):
    """A part of a host ended by a fault of the program: the process ends too, so that somebody looks."""


class Http(uvicorn.Server):
    """The host decides when to end; uvicorn would otherwise take the signals for itself."""

    def __init__(self, app: FastAPI, bound: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                lifespan="off",
                server_header=False,
                timeout_graceful_shutdown=DRAIN_SECONDS,
            )
        )
        self._bound = bound
        self.answering = asyncio.Event()
        """Set once requests are answered."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def run_until_stopped(self) -> None:
        """Serves until `should_exit` is set."""
        await self.serve(sockets=[self._bound])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server.startup`."""
        await super().startup(sockets)
        self.answering.set()

    @property
    def address(self) -> str:
        """The URL that clients use, with the port that was bound."""
        return f"http://{authority(self._bound.getsockname())}"


@contextlib.asynccontextmanager
async def grpc_serving(
    settings: Settings, registrations: Sequence[GrpcRegistration]
) -> AsyncIterator[str | None]:
    """The gRPC server, where anything is registered; gives its address."""
    if not registrations:
        yield None
        return
    server = await serve_grpc(registrations, settings.host, settings.grpc_port)
    try:
        yield authority((settings.host, server.port))
    finally:
        await server.stop()


def authority(address: tuple[str | int, ...]) -> str:
    """`host:port` as it stands in a URL."""
    host, port = str(address[0]), address[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
