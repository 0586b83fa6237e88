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
from zerocarbon.product.occupancy import AlreadyRunning, free, staged

START_SECONDS = 120.0
STOP_SECONDS = 30.0
DEMO_PARTITIONS = 4
SAID = "zerocarbon: "
"""How the lines begin in which the command tells an operator why it ended."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Running services: their addresses by name, and the administrator's key."""

    addresses: Mapping[str, str]
    admin_key: str


@dataclass(frozen=True, slots=True)
class _Started:
    """A process that was started, and the file that has what it writes."""

    command: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def ended(self) -> bool:
        return self.process.poll() is not None

    @property
    def last_words(self) -> str:
        """Why it ended: the sentences that it says to an operator, else where its log lies."""
        said = [
            line.removeprefix(SAID)
            for line in self.log.read_text(encoding="utf-8", errors="replace").splitlines()
            if line.startswith(SAID)
        ]
        told = "\n".join(said) if said else "it says no reason"
        return f"`zerocarbon {self.command}` ended: {told}\nits log is {self.log}"


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """A fresh, empty directory that no other stage uses; a kill gives it back.

    Raises:
        DemoStopped: another one is playing there, or services of one that was killed still run; nothing of
            theirs was touched.
    """
    with ExitStack() as held:
        try:
            free(directory, SERVICES)
            held.enter_context(staged(directory))
        except AlreadyRunning as running:
            raise DemoStopped(str(running)) from running
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir()
        yield


@contextmanager
def embedded_stage(directory: Path) -> Iterator[Stage]:
    """All four services in one process on the embedded default, with fresh data in `directory`.

    Raises:
        DemoStopped: somebody else uses the directory, or the services do not start.
    """
    http, grpc = free_port(), free_port()
    with _alone(directory), _process(["up"], directory, {}, http, grpc) as process:
        address = f"http://127.0.0.1:{http}"
        _wait_ready([address], [process], directory)
        yield Stage(dict.fromkeys(SERVICES, address), _admin_key(directory))


@contextmanager
def kafka_stage(directory: Path) -> Iterator[Stage]:
    """A broker, four services and four relays, each a process of its own, with fresh data in `directory`.

    Raises:
        DemoStopped: somebody else uses the directory, or the services do not start.
        BrokerFailed: there is no broker.
    """
    with ExitStack() as stack:
        stack.enter_context(_alone(directory))
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
) -> Iterator[_Started]:
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
    started = _Started(" ".join(command), process, log)
    try:
        yield started
        if started.ended:
            raise DemoStopped(started.last_words)
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


def _wait_ready(addresses: Sequence[str], processes: Sequence[_Started], directory: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    waiting = list(addresses)
    last = "no answer"
    while waiting:
        ended = next((process for process in processes if process.ended), None)
        if ended is not None:
            raise DemoStopped(ended.last_words)
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
