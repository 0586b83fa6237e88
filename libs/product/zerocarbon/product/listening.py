"""Takes the addresses before anything else starts, so that a taken port changes nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from zerocarbon.common.settings import Settings


class AddressTaken(Exception):
    """Nobody can listen there; the text names the variable."""


@contextmanager
def http_socket(settings: Settings) -> Iterator[socket.socket]:
    """A socket bound for REST; port 0 takes a free one. The gRPC port is tried and left free again, because
    gRPC binds by itself.

    Raises:
        AddressTaken: one of the two ports is taken, or the host is not an address of this machine.
    """
    with _bound("ZEROCARBON_PORT", settings.host, settings.port) as http:
        with _bound("ZEROCARBON_GRPC_PORT", settings.host, settings.grpc_port):
            pass
        yield http


def _bound(variable: str, host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as unknown:
        raise AddressTaken(
            f"ZEROCARBON_HOST={host}: expected an address of this machine ({unknown.strerror})"
        ) from None
    family, kind, protocol, _, address = found[0]
    bound = socket.socket(family, kind, protocol)
    try:
        # A port is free for us when the last program on it has ended, whatever its old connections wait for.
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen()
    except OSError as refused:
        bound.close()
        raise AddressTaken(
            f"{variable}={port}: expected a free port on {host}, but it cannot be used ({refused.strerror})."
            f" Stop the program that listens there, or set {variable} to another port."
        ) from None
    return bound
