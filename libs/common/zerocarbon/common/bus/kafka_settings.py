"""How to reach a Kafka cluster, and what its topics are like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

UNGATED = frozenset({"zerocarbon.registry-inbound.v1", "zerocarbon.inventory-latest.v1"})
"""Topics without contiguous numbers: registries write the first, compaction takes records out of the second.
Who reads them tells repeats apart by event id."""


@dataclass(frozen=True, slots=True)
class KafkaSettings:
    """Addresses, security and bounds of the Kafka clients of this process.

    Attributes:
        session_timeout_ms: a member that was silent for so long has its partitions taken away.
        queued_kilobytes: what the fetcher may hold ahead of the reader, a bound on memory.
        ungated: topics that are read without the sequence gate.
        security: settings of librdkafka and aiokafka under librdkafka's names (`security.protocol`, ...).
    """

    bootstrap_servers: str
    session_timeout_ms: int = 10_000
    queued_kilobytes: int = 8_192
    ungated: frozenset[str] = UNGATED
    security: Mapping[str, str] = field(default_factory=dict)

    def consumer(self, group: str) -> dict[str, Any]:
        """Settings of a librdkafka consumer.

        The fetcher's back-off is lowered because at its default of a second it idles between full queues. It
        holds two batches ahead in small pieces: more is not read faster, but leaves the processor's cache.
        """
        return {
            **self._shared(),
            "group.id": group,
            "enable.auto.commit": False,
            "enable.auto.offset.store": False,
            "auto.offset.reset": "error",
            "partition.assignment.strategy": "cooperative-sticky",
            "session.timeout.ms": self.session_timeout_ms,
            "heartbeat.interval.ms": max(200, self.session_timeout_ms // 4),
            "fetch.queue.backoff.ms": 10,
            "queued.max.messages.kbytes": self.queued_kilobytes,
            "queued.min.messages": 20_000,
            "fetch.message.max.bytes": 262_144,
            "partitioner": "murmur2_random",
        }

    def admin(self) -> dict[str, Any]:
        """Settings of a librdkafka admin client."""
        return self._shared()

    def aiokafka(self) -> dict[str, Any]:
        """The same for aiokafka's clients."""
        renamed = {
            "security.protocol": "security_protocol",
            "sasl.mechanism": "sasl_mechanism",
            "sasl.username": "sasl_plain_username",
            "sasl.password": "sasl_plain_password",
        }
        arguments: dict[str, Any] = {"bootstrap_servers": self.bootstrap_servers}
        for name, value in self.security.items():
            if name == "ssl.ca.location":
                from aiokafka.helpers import create_ssl_context  # noqa: PLC0415 - only where it is asked for

                arguments["ssl_context"] = create_ssl_context(cafile=value)
            else:
                arguments[renamed[name]] = value
        return arguments

    def _shared(self) -> dict[str, Any]:
        return {"bootstrap.servers": self.bootstrap_servers, "log_level": 3, **self.security}
