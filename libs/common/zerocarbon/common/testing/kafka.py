"""Pytest plugin: a real Kafka broker, one for all test processes of a run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from zerocarbon.common.bus.broker import Broker
from zerocarbon.common.bus.kafka_settings import KafkaSettings
from zerocarbon.common.bus.kraft import BrokerFailed
from zerocarbon.common.postgres.file_lock import FileLock
from zerocarbon.common.testing.kafka_keeper import ADDRESS, GATE, USERS

SESSION_TIMEOUT_MS = 3_000
START_SECONDS = 180
_KEEPER = "zerocarbon.common.testing.kafka_keeper"


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The broker of this run. Tests share it, so each makes topics and groups with names of its own."""
    base = tmp_path_factory.getbasetemp()
    place = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "kafka"
    place.mkdir(exist_ok=True)
    users = FileLock(place / USERS)
    with FileLock(place / GATE, timeout_seconds=START_SECONDS):
        assert users.try_acquire(shared=True), "the keeper holds it behind the gate only"
        if not (place / ADDRESS).exists():
            _start_keeper(place)
        broker = Broker(**json.loads((place / ADDRESS).read_text()))
    yield broker
    # The keeper notices that nobody holds the users' lock any more, however the holders ended.
    users.release()


@pytest.fixture
def kafka_settings(kafka: Broker) -> KafkaSettings:
    """Clients of that broker, whose members are missed after three seconds."""
    return KafkaSettings(kafka.bootstrap_servers, session_timeout_ms=SESSION_TIMEOUT_MS)


@pytest.fixture
def unique() -> str:
    """A part of names that no other test uses."""
    return uuid.uuid4().hex[:10]


def _start_keeper(place: Path) -> None:
    """The broker lives in a process of its own, because the test process that starts it may end first."""
    with tempfile.TemporaryFile() as errors:
        keeper = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", _KEEPER, str(place)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        assert keeper.stdout is not None
        with keeper.stdout as out:
            line = out.readline()
        if not line:
            keeper.wait()
            errors.seek(0)
            raise BrokerFailed(errors.read().decode(errors="replace"))
        (place / ADDRESS).write_bytes(line)
        # It outlives this process on purpose; without this, a warning says that it still runs.
        keeper.returncode = 0
