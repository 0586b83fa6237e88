"""The parts of `accounting`."""

from __future__ import annotations

from collections.abc import Sequence

from zerocarbon.accounting.api import closing, comparison, factors, inventories, positions, reports, sums
from zerocarbon.accounting.consumers import certificates, reference
from zerocarbon.accounting.consumers.activity_fold import ActivityProcessor
from zerocarbon.accounting.store.positions import (
    ACTIVITY_CONSUMER,
    CERTIFICATE_CONSUMER,
    REFERENCE_CONSUMER,
)
from zerocarbon.common.bus.port import Bus
from zerocarbon.common.composition import ConsumerSpec, ServiceDefinition
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.contracts.activity import ACTIVITY
from zerocarbon.contracts.certificate import CERTIFICATE
from zerocarbon.contracts.reference import REFERENCE


def _consumers(_context: ServiceContext, _bus: Bus) -> Sequence[ConsumerSpec]:
    return (
        ConsumerSpec(REFERENCE_CONSUMER, (REFERENCE,), reference.processor()),
        ConsumerSpec(ACTIVITY_CONSUMER, (ACTIVITY,), ActivityProcessor()),
        ConsumerSpec(CERTIFICATE_CONSUMER, (CERTIFICATE,), certificates.processor()),
    )


definition = ServiceDefinition(
    name="accounting",
    migrations="zerocarbon.accounting.migrations",
    routers=(
        closing.router,
        comparison.router,
        inventories.router,
        reports.router,
        sums.router,
        factors.router,
        positions.router,
    ),
    consumers=_consumers,
)
