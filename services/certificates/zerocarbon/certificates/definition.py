"""The parts of `certificates`."""

from __future__ import annotations

from collections.abc import Sequence

from zerocarbon.certificates.api import holdings, registries, retirements, schemes
from zerocarbon.certificates.consumers import claims, reference, registry_inbound, timers
from zerocarbon.certificates.grpc import servicer
from zerocarbon.common.bus.port import Bus
from zerocarbon.common.composition import ConsumerSpec, ServiceDefinition
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.contracts.declaration import DECLARATION
from zerocarbon.contracts.reference import REFERENCE
from zerocarbon.contracts.registry_inbound import REGISTRY_INBOUND


def _consumers(context: ServiceContext, _bus: Bus) -> Sequence[ConsumerSpec]:
    return (
        ConsumerSpec(reference.NAME, (REFERENCE,), reference.processor()),
        ConsumerSpec(claims.NAME, (DECLARATION,), claims.processor(context)),
        ConsumerSpec(registry_inbound.NAME, (REGISTRY_INBOUND,), registry_inbound.processor(context)),
    )


definition = ServiceDefinition(
    name="certificates",
    migrations="zerocarbon.certificates.migrations",
    routers=(retirements.router, holdings.router, registries.router, schemes.router),
    consumers=_consumers,
    grpc=lambda context: (servicer.registration(context),),
    timers=timers.fire,
)
