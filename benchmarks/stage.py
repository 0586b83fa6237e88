"""The servers of a benchmark: PostgreSQL and Kafka, real, durable, on loopback, and gone afterwards."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil

from benchmarks.workload import PARTITIONS
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.kraft import KraftBroker
from zerocarbon.common.bus.topics import TopicPlan, ensure_topics
from zerocarbon.common.postgres.cluster_settings import ClusterSettings
from zerocarbon.common.postgres.embedded import EmbeddedPostgres
from zerocarbon.common.postgres.urls import Urls
from zerocarbon.common.testing.databases import Databases
from zerocarbon.common.testing.postgres_server import EmbeddedServer

SETTINGS = ClusterSettings(shared_buffers_mb=1024, max_wal_size_mb=4096, durable=True)
"""As a server of its own would be set up on a machine of this size; every commit reaches the disk."""

TOGETHER = {"group.initial.rebalance.delay.ms": "1500"}
"""Workers that start at once share the partitions from the beginning. Clocks start at the assignment."""


@dataclass(frozen=True, slots=True)
class ServerSeconds:
    """CPU that the servers have used since they started."""

    broker: float
    database: float


class Stage:
    """Both servers. They are started here and not found elsewhere, because their CPU is measured."""

    def __init__(self, broker: KraftBroker, cluster: EmbeddedPostgres) -> None:
        self._broker = broker
        self._cluster = cluster
        self._databases = Databases(EmbeddedServer(cluster))
        self.kafka = KafkaSettings(broker.bootstrap_servers)

    @contextmanager
    def database(self, service: str) -> Iterator[Urls]:
        """A fresh, migrated database."""
        urls = self._databases.create(service)
        try:
            yield urls
        finally:
            self._databases.drop(urls)

    def make_topic(self, topic: str, partitions: int = PARTITIONS) -> None:
        """An empty topic."""
        asyncio.run(ensure_topics(self.kafka, [topic], TopicPlan(partitions)))

    async def checkpoint(self) -> None:
        """Writes out what the database still has to."""
        connection = await asyncpg.connect(self._cluster.superuser_dsn())
        try:
            await connection.execute("CHECKPOINT")
        finally:
            await connection.close()

    def seconds(self) -> ServerSeconds:
        """What both have used, children that have ended included."""
        assert self._cluster.pid is not None, "the database server has ended"
        return ServerSeconds(_used(self._broker.pid), _used(self._cluster.pid))


@contextmanager
def stage() -> Iterator[Stage]:
    """Starts both, stops both."""
    with tempfile.TemporaryDirectory(prefix="zerocarbon-bench-") as name:
        place = Path(name)
        broker = KraftBroker(place / "kafka", TOGETHER, optimised=True)
        broker.start()
        try:
            with EmbeddedPostgres(place / "postgres", SETTINGS) as cluster:
                yield Stage(broker, cluster)
        finally:
            broker.stop()


def _used(pid: int) -> float:
    server = psutil.Process(pid)
    times = server.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for child in server.children(recursive=True):
        try:
            own = child.cpu_times()
        except psutil.NoSuchProcess:
            continue  # It ended meanwhile and is counted with its parent next time.
        total += own.user + own.system
    return total
