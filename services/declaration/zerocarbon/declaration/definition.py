"""The parts of `declaration`."""

from __future__ import annotations

from collections.abc import Sequence

from zerocarbon.common.bus.port import Bus
from zerocarbon.common.composition import ConsumerSpec, ServiceDefinition
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.contracts.certificate import CERTIFICATE
from zerocarbon.contracts.inventory import INVENTORY
from zerocarbon.contracts.reference import REFERENCE
from zerocarbon.declaration.api import claims, files, management, public
from zerocarbon.declaration.consumers.reactions import Reactions
from zerocarbon.declaration.consumers.told import told
from zerocarbon.declaration.grpc import servicer


def _consumers(context: ServiceContext, _bus: Bus) -> Sequence[ConsumerSpec]:
    return (
        ConsumerSpec("declaration.told", (REFERENCE, INVENTORY, CERTIFICATE), told()),
        ConsumerSpec("declaration.reactions", (INVENTORY, CERTIFICATE), Reactions(context).reactor()),
    )


definition = ServiceDefinition(
    name="declaration",
    migrations="zerocarbon.declaration.migrations",
    routers=(management.router, claims.router, files.router, public.router),
    consumers=_consumers,
    grpc=lambda context: (servicer.register(context),),
)
