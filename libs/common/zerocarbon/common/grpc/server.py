"""Starts a gRPC server with health, reflection and rich status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from zerocarbon.common.composition import GrpcRegistration
from zerocarbon.common.grpc.refusing import Refusing

MAX_MESSAGE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class GrpcServer:
    """A running server. `port` is the bound one, also when 0 was asked for."""

    server: Any
    health: Any
    port: int

    async def stop(self, grace_seconds: float = 5.0) -> None:
        """Says "not serving", lets running calls end within the grace, then stops."""
        await self.health.enter_graceful_shutdown()
        await self.server.stop(grace_seconds)


async def serve_grpc(
    registrations: Sequence[GrpcRegistration],
    host: str,
    port: int,
    credentials: grpc.ServerCredentials | None = None,
    max_message_bytes: int = MAX_MESSAGE_BYTES,
) -> GrpcServer:
    """Serves the registered services on one port. Without credentials the port speaks plain text: bind it
    to loopback, or put it behind a proxy that ends TLS.

    Raises:
        RuntimeError: the address cannot be bound.
    """
    server = grpc.aio.server(
        interceptors=[Refusing()],
        options=[
            ("grpc.max_receive_message_length", max_message_bytes),
            ("grpc.max_send_message_length", max_message_bytes),
            ("grpc.so_reuseport", 0),
        ],
    )
    names = [register(server) for register in registrations]
    servicer = health.aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    reflection.enable_server_reflection([*names, health.SERVICE_NAME, reflection.SERVICE_NAME], server)
    address = f"{host}:{port}"
    bound = (
        server.add_insecure_port(address)
        if credentials is None
        else server.add_secure_port(address, credentials)
    )
    if port and bound != port:
        raise RuntimeError(f"{address} is taken")
    await server.start()
    for name in ("", *names):
        await servicer.set(name, health_pb2.HealthCheckResponse.SERVING)
    return GrpcServer(server, servicer, bound)
