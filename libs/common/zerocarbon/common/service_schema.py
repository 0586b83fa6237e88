"""The tables that every service begins with; nobody can forget one of them."""

from __future__ import annotations

from zerocarbon.common.command import schema as command
from zerocarbon.common.consumer import schema as consumer
from zerocarbon.common.eventstore import schema as eventstore
from zerocarbon.common.identity import schema as identity
from zerocarbon.common.relay import schema as relay


def statements(service: str) -> list[str]:
    """The DDL of event store, commands, identity, consumers and relay, for a service's first migration."""
    return [
        *eventstore.statements(service),
        *command.statements(service),
        *identity.statements(service),
        *consumer.statements(service),
        *relay.statements(service),
    ]
