"""Finds a real Kafka broker or starts one: for tests, and for the demo on Kafka."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import structlog

from zerocarbon.common.bus.kraft import KAFKA_VERSION, BrokerFailed, KraftBroker, answers, free_port

ENVIRONMENT = "KAFKA_BOOTSTRAP_SERVERS"
IMAGE = f"apache/kafka:{KAFKA_VERSION}"
START_SECONDS = 90

_log = structlog.get_logger(__name__)

Origin = Literal["environment", "docker", "jars"]


@dataclass(frozen=True, slots=True)
class Broker:
    """A broker that answers, and how it came about."""

    bootstrap_servers: str
    origin: Origin


@contextmanager
def running_broker(directory: Path) -> Iterator[Broker]:
    """A broker for the length of the context: `KAFKA_BOOTSTRAP_SERVERS`, else Docker, else Kafka's own jars.

    Args:
        directory: where a broker from the jars keeps its data; nothing else uses it.

    Raises:
        BrokerFailed: the address in the environment does not answer, or none could be started.
    """
    given = os.environ.get(ENVIRONMENT)
    if given:
        if not answers(given):
            raise BrokerFailed(f"{ENVIRONMENT}={given} does not answer")
        yield Broker(given, "environment")
        return
    if docker_answers():
        with _container() as broker:
            yield broker
        return
    kraft = KraftBroker(directory)
    kraft.start()
    try:
        yield Broker(kraft.bootstrap_servers, "jars")
    finally:
        kraft.stop()


def docker_answers() -> bool:
    """Whether a Docker engine is there."""
    import docker  # type: ignore[import-untyped]  # noqa: PLC0415 - a development dependency, by way of testcontainers
    from docker.errors import DockerException  # type: ignore[import-untyped]  # noqa: PLC0415

    if not _listened_to(os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")):
        return False
    # With a version given, the client asks nothing before it can be closed.
    client = docker.from_env(timeout=3, version="1.41")
    try:
        return bool(client.ping())
    except (DockerException, OSError):
        return False
    finally:
        client.close()


def _listened_to(address: str) -> bool:
    # Docker's client leaves a socket open for each one that it cannot connect; so the door is tried first.
    if not address.startswith("unix://"):
        return True
    with socket.socket(socket.AF_UNIX) as door:
        door.settimeout(3)
        try:
            door.connect(address.removeprefix("unix://"))
        except OSError:
            return False
    return True


@contextmanager
def _container() -> Iterator[Broker]:
    # The official image by itself: the module of testcontainers for Kafka knows another vendor's only.
    from testcontainers.core.container import DockerContainer  # noqa: PLC0415
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy  # noqa: PLC0415

    port = free_port()
    container: Any = DockerContainer(IMAGE).with_bind_ports(9092, port)
    for name, value in _container_environment(port).items():
        container = container.with_env(name, value)
    ready = LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(START_SECONDS)
    with container.waiting_for(ready):
        yield Broker(f"127.0.0.1:{port}", "docker")


def _container_environment(port: int) -> dict[str, str]:
    return {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://127.0.0.1:{port}",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
        "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS": "1000",
        "KAFKA_MESSAGE_MAX_BYTES": "8388608",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
    }
