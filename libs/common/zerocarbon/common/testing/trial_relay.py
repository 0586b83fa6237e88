"""A relay in a process of its own that kills itself between sending and saving.

`python -m zerocarbon.common.testing.trial_relay '<JSON>'`; the fields are those of `Errand`.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

import msgspec

from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.topics import TopicPlan
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.common.relay.relay import Relay
from zerocarbon.common.relay.sender import Parcel, Sender
from zerocarbon.common.testing.transport import PrefixedRoute
from zerocarbon.contracts.alert import ALERT


class Errand(msgspec.Struct, frozen=True):
    """Where to publish, and after how many records to die."""

    kafka: str
    prefix: str
    partitions: int
    dies_after: int
    owner_url: str
    request_url: str
    worker_url: str


class MortalSender(Sender):
    """Dies when the broker has acknowledged so many records and nobody has written that down."""

    dies_after = 0

    async def send(self, parcel: Parcel) -> None:
        """See `Sender.send`."""
        await super().send(parcel)
        type(self).dies_after -= parcel.records
        if self.dies_after <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


async def publish(errand: Errand) -> None:
    """Publishes until it dies."""
    MortalSender.dies_after = errand.dies_after
    urls = Urls(owner=errand.owner_url, request=errand.request_url, worker=errand.worker_url)
    relay = Relay(
        "internal",
        await Database.open(urls),
        KafkaSettings(errand.kafka),
        PrefixedRoute(errand.prefix),
        TopicPlan(partitions=errand.partitions),
        [f"{errand.prefix}.{ALERT}"],
        new_sender=MortalSender,
    )
    await relay.run()


if __name__ == "__main__":
    asyncio.run(publish(msgspec.json.decode(sys.argv[1], type=Errand)))
