"""Runs the relays of one service: to the topics that services read, and to organisations' own topics."""

from __future__ import annotations

import asyncio

from zerocarbon.common.bus.topics import TopicPlan
from zerocarbon.common.eventstore.identity import recognise
from zerocarbon.common.postgres.database import Database
from zerocarbon.common.postgres.migrate import migrate
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.common.relay.relay import Relay
from zerocarbon.common.relay.route import EgressRoute, InternalRoute
from zerocarbon.common.settings import Settings
from zerocarbon.contracts.channels import EGRESS_PARTITIONS
from zerocarbon.product.catalogue import PRODUCERS
from zerocarbon.product.kafka import kafka_settings


class NoBroker(Exception):
    """There is nowhere to publish to."""


async def publish(settings: Settings, service: str, urls: Urls, stop: asyncio.Event) -> None:
    """Publishes until `stop` is set.

    Raises:
        NoBroker: `KAFKA_BOOTSTRAP_SERVERS` is not set.
        PartitionsChanged: a topic is not what its keys were spread over.
        StoreRestored: the store is not the one that was published.
        NotRecognised: the database was exchanged meanwhile.
    """
    if settings.kafka_bootstrap_servers is None:
        raise NoBroker("a relay needs KAFKA_BOOTSTRAP_SERVERS; the embedded default needs no relay")
    await migrate(urls, service)
    await recognise(urls)
    kafka = kafka_settings(settings)
    plan = TopicPlan(settings.topic_partitions, settings.topic_replication)
    own = TopicPlan(EGRESS_PARTITIONS, settings.topic_replication)
    topics = sorted(topic for topic, producer in PRODUCERS.items() if producer == service)
    database = await Database.open(urls, name=f"{service} relay")
    try:
        relays = [
            Relay("internal", database, kafka, InternalRoute(), plan, topics),
            Relay("egress", database, kafka, EgressRoute(), own),
        ]
        running = [asyncio.create_task(relay.run(), name=relay.name) for relay in relays]
        stopping = asyncio.create_task(stop.wait(), name="stop")
        done, pending = await asyncio.wait([*running, stopping], return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)
        for task in done - {stopping}:
            task.result()
    finally:
        await database.close()
