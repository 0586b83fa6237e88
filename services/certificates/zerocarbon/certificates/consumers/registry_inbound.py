"""The reactor on registries' own topic: the same notices that come by webhook."""

from __future__ import annotations

from zerocarbon.certificates.service.registry.notices import Notices
from zerocarbon.common.bus.record import Record
from zerocarbon.common.consumer.processor import Unacceptable
from zerocarbon.common.consumer.reactor import Reaction, Reactor
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.refusal import Conflict
from zerocarbon.contracts.registry_inbound import RegistryNotice

NAME = "certificates-registry-inbound"


def processor(context: ServiceContext) -> Reactor:
    """Takes notices in each registry's order. One registry's gap stops that registry, and nobody else."""
    notices = Notices(context.database, context.store, context.business_clock)

    async def act(notice: RegistryNotice, _record: Record, _key: str) -> None:
        try:
            await notices.take_or_keep(notice)
        except Conflict as other:
            raise Unacceptable(other.message) from other

    return Reactor({RegistryNotice: [Reaction("take-notice", act)]})
