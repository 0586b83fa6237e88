"""What `zerocarbon up`, `serve` and `relay` do, and what they say where it cannot be done."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Iterator, Sequence
from types import FrameType

import asyncpg
import structlog
import typer

from zerocarbon.common.bus.topics import PartitionsChanged
from zerocarbon.common.postgres.database import UnsafeRole
from zerocarbon.common.postgres.embedded import EmbeddedPostgresFailed
from zerocarbon.common.postgres.migrate import MigrationRefused
from zerocarbon.common.postgres.secret_file import SecretExposed
from zerocarbon.common.settings import Settings, SettingsRefused, load
from zerocarbon.common.telemetry.logs import configure_logs
from zerocarbon.common.telemetry.redaction import redacted
from zerocarbon.common.telemetry.tracing import configure_tracing
from zerocarbon.product.admin_key import AdminKeyRefused, admin_key, admin_key_file
from zerocarbon.product.catalogue import SERVICES
from zerocarbon.product.databases import service_urls
from zerocarbon.product.host import PartFailed, host
from zerocarbon.product.listening import AddressTaken, http_socket
from zerocarbon.product.occupancy import AlreadyRunning, occupied
from zerocarbon.product.relaying import NoBroker, publish
from zerocarbon.product.serving import Addresses

WRONG_SETTINGS = 2
NOT_STARTED = 1
_REFUSED = (
    AddressTaken,
    AdminKeyRefused,
    AlreadyRunning,
    EmbeddedPostgresFailed,
    MigrationRefused,
    PartitionsChanged,
    SecretExposed,
    UnsafeRole,
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
)
"""What an operator can mend: said in a line, without a traceback."""

_log = structlog.get_logger(__name__)


def run_services(names: Sequence[str], *, alone: bool) -> int:
    """Runs services until a signal; gives the exit status. `alone` is for one service by itself."""
    with _starting("zerocarbon" if not alone else names[0]) as (settings, outcome):
        if settings.database_url is not None and not alone:
            raise SettingsRefused(
                ["DATABASE_URL is set: expected unset, because `up` runs the embedded default; see `serve`"]
            )
        embedded = settings.database_url is None
        wanted = list(SERVICES) if embedded else list(names)
        with contextlib.ExitStack() as held:
            if embedded:
                told = f"REST port {settings.port}"
                held.enter_context(occupied(settings.data_directory, names, told))
            bound = held.enter_context(http_socket(settings))
            admin_key(settings)
            urls = held.enter_context(service_urls(settings, wanted))

            def announce(addresses: Addresses) -> None:
                typer.echo(f"REST  {addresses.http}  (docs at /docs)")
                if addresses.grpc is not None:
                    typer.echo(f"gRPC  {addresses.grpc}")
                typer.echo(f"administrator key  {admin_key_file(settings)}")
                sys.stdout.flush()

            async def run() -> None:
                await host(settings, names, urls, bound, _stop_on_signals(), announce)

            asyncio.run(run())
    return outcome.status


def run_relay(service: str) -> int:
    """Publishes one service's events until a signal; gives the exit status."""
    with _starting(f"{service} relay") as (settings, outcome):
        if settings.kafka_bootstrap_servers is None:
            raise SettingsRefused(
                ["KAFKA_BOOTSTRAP_SERVERS is not set: expected HOST:PORT; the embedded default has no relay"]
            )
        with service_urls(settings, [service]) as urls:

            async def run() -> None:
                await publish(settings, service, urls[service], _stop_on_signals())

            asyncio.run(run())
    return outcome.status


class _Outcome:
    """The exit status that a run came to."""

    status = 0


@contextlib.contextmanager
def _starting(name: str) -> Iterator[tuple[Settings, _Outcome]]:
    outcome = _Outcome()
    # Until the event loop takes the signals: an early SIGTERM unwinds what was started, as Ctrl-C does.
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        settings = load()
        configure_logs(as_json=settings.log_json)
        configure_tracing(name)
        yield settings, outcome
    except SettingsRefused as refused:
        outcome.status = WRONG_SETTINGS
        for line in refused.lines:
            typer.echo(f"zerocarbon: {line}", err=True)
    except NoBroker as missing:
        outcome.status = WRONG_SETTINGS
        typer.echo(f"zerocarbon: {missing}", err=True)
    except PartFailed as failed:
        outcome.status = NOT_STARTED
        _log.error("ended by a fault", exc_info=failed)
        typer.echo(f"zerocarbon: {redacted(str(failed))}", err=True)
    except _REFUSED as refused:
        outcome.status = NOT_STARTED
        typer.echo(f"zerocarbon: {redacted(str(refused)) or type(refused).__name__}", err=True)
    except KeyboardInterrupt:
        typer.echo("zerocarbon: interrupted while starting", err=True)
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wanted, stop.set)
    return stop
