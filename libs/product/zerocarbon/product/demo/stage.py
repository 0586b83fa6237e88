"""Where the demo plays: services that it starts itself, in one process or in nine, or running ones."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from zerocarbon.common.bus.broker import running_broker
from zerocarbon.common.bus.kraft import free_port
from zerocarbon.product.demo.client import SERVICES, DemoStopped

START_SECONDS = 120.0
STOP_SECONDS = 30.0
DEMO_PARTITIONS = 4


@dataclass(frozen=True, slots=True)
class Stage:
    """Running services: their addresses by name, and the administrator's key."""

    addresses: Mapping[str, str]
    admin_key: str


@contextmanager
def embedded_stage(directory: Path) -> Iterator[Stage]:
    """All four services in one process on the embedded default, with fresh data in `directory`."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    http, grpc = free_port(), free_port()
    with _process(["up"], directory, {}, http, grpc) as process:
        address = f"http://127.0.0.1:{http}"
        _wait_ready([address], [process], directory)
        yield Stage(dict.fromkeys(SERVICES, address), _admin_key(directory))


@contextmanager
def kafka_stage(directory: Path) -> Iterator[Stage]:
    """A broker, four services and four relays, each a process of its own, with fresh data in `directory`."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    with ExitStack() as stack:
        broker = stack.enter_context(running_broker(directory / "kafka"))
        environment = {
            "KAFKA_BOOTSTRAP_SERVERS": broker.bootstrap_servers,
            "ZEROCARBON_TOPIC_PARTITIONS": str(DEMO_PARTITIONS),
        }
        addresses, processes = {}, []
        for service in SERVICES:
            http, grpc = free_port(), free_port()
            for command in (["relay", service], ["serve", service]):
                process = _process(command, directory, environment, http, grpc)
                processes.append(stack.enter_context(process))
            addresses[service] = f"http://127.0.0.1:{http}"
        _wait_ready(list(addresses.values()), processes, directory)
        yield Stage(addresses, _admin_key(directory))


@contextmanager
def given_stage(addresses: Mapping[str, str], key_file: Path) -> Iterator[Stage]:
    """Services that somebody else runs, such as a compose file."""
    missing = [service for service in SERVICES if service not in addresses]
    if missing:
        raise DemoStopped(f"no address was given for {', '.join(missing)}")
    yield Stage(addresses, key_file.read_text().strip())


def _admin_key(directory: Path) -> str:
    return (directory / "admin-key").read_text().strip()


@contextmanager
def _process(
    command: Sequence[str], directory: Path, environment: Mapping[str, str], http: int, grpc: int
) -> Iterator[subprocess.Popen[bytes]]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ZEROCARBON_") and name not in ("DATABASE_URL", "KAFKA_BOOTSTRAP_SERVERS")
    }
    settings = {
        "ZEROCARBON_DATA_DIRECTORY": str(directory),
        "ZEROCARBON_PORT": str(http),
        "ZEROCARBON_GRPC_PORT": str(grpc),
        "ZEROCARBON_BUSINESS_CLOCK_SETTABLE": "true",
        "ZEROCARBON_LOG_JSON": "false",
    }
    log = directory / f"{'-'.join(command)}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-m", "zerocarbon.product.main", *command],
            env={**inherited, **settings, **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
        if process.poll() is not None:
            raise DemoStopped(f"`zerocarbon {' '.join(command)}` ended early; see {log}")
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_ready(
    addresses: Sequence[str], processes: Sequence[subprocess.Popen[bytes]], directory: Path
) -> None:
    deadline = time.monotonic() + START_SECONDS
    waiting = list(addresses)
    last = "no answer"
    while waiting:
        if any(process.poll() is not None for process in processes):
            raise DemoStopped(f"a service ended at its start; see the logs in {directory}")
        try:
            answer = httpx.get(f"{waiting[0]}/readyz", timeout=5)
            if answer.is_success:
                waiting.pop(0)
                continue
            last = answer.text
        except httpx.TransportError as not_yet:
            last = str(not_yet)
        if time.monotonic() > deadline:
            raise DemoStopped(f"{waiting[0]} did not get ready: {last}; see the logs in {directory}")
        time.sleep(0.1)
