"""What `zerocarbon up`, `serve` and `relay` do, and what they say where it cannot be done."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType

import asyncpg
import structlog
import typer

from zerocarbon.common.bus.port import Halted
from zerocarbon.common.bus.topics import PartitionsChanged
from zerocarbon.common.consumer.rebuild import DigestsDiffer
from zerocarbon.common.eventstore.identity import NotRecognised
from zerocarbon.common.postgres.database import UnsafeRole
from zerocarbon.common.postgres.driver import DRIVER_LOST
from zerocarbon.common.postgres.embedded import EmbeddedPostgresFailed
from zerocarbon.common.postgres.migrate import MigrationRefused
from zerocarbon.common.postgres.secret_file import SecretExposed
from zerocarbon.common.relay.restored import StoreRestored
from zerocarbon.common.settings import Settings, SettingsRefused
from zerocarbon.common.telemetry.logs import configure_logs
from zerocarbon.common.telemetry.redaction import redacted
from zerocarbon.common.telemetry.tracing import configure_tracing
from zerocarbon.product.admin_key import AdminKeyRefused, admin_key, admin_key_file
from zerocarbon.product.databases import service_urls
from zerocarbon.product.listening import AddressTaken, http_socket
from zerocarbon.product.occupancy import AlreadyRunning, occupied
from zerocarbon.product.serving import Addresses, PartFailed

WRONG_SETTINGS = 2
NOT_STARTED = 1
_REFUSED = (
    AddressTaken,
    AdminKeyRefused,
    AlreadyRunning,
    DigestsDiffer,
    EmbeddedPostgresFailed,
    Halted,
    MigrationRefused,
    NotRecognised,
    PartitionsChanged,
    SecretExposed,
    StoreRestored,
    UnsafeRole,
    OSError,
    asyncpg.PostgresError,
    *DRIVER_LOST,
)
"""What an operator can mend: said in a line, without a traceback."""

_log = structlog.get_logger(__name__)


def run_services(settings: Settings, names: Sequence[str], *, alone: bool) -> int:
    """Runs services until a signal; gives the exit status. `alone` is for one service by itself."""
    name = names[0] if alone else "zerocarbon"
    return _reported(name, settings, lambda: _serve(settings, names, alone))


def run_relay(settings: Settings, service: str) -> int:
    """Publishes one service's events until a signal; gives the exit status."""
    return _reported(f"{service} relay", settings, lambda: _relay(settings, service))


def _serve(settings: Settings, names: Sequence[str], alone: bool) -> None:
    embedded = settings.database_url is None
    if not embedded and not alone:
        raise SettingsRefused(
            ["DATABASE_URL is set: expected unset, because `up` runs the embedded default; see `serve`"]
        )
    with contextlib.ExitStack() as held:
        if embedded:
            held.enter_context(occupied(settings.data_directory, names, f"REST port {settings.port}"))
        bound = held.enter_context(http_socket(settings))
        # Importing all services takes seconds: not before it is known that they can run here.
        from zerocarbon.product.catalogue import SERVICES  # noqa: PLC0415
        from zerocarbon.product.host import host  # noqa: PLC0415

        admin_key(settings)
        urls = held.enter_context(service_urls(settings, list(SERVICES) if embedded else names))

        def announce(addresses: Addresses) -> None:
            typer.echo(f"REST  {addresses.http}  (docs at /docs)")
            if addresses.grpc is not None:
                typer.echo(f"gRPC  {addresses.grpc}")
            typer.echo(f"administrator key  {admin_key_file(settings)}")
            sys.stdout.flush()

        async def run() -> None:
            await host(settings, names, urls, bound, _stop_on_signals(), announce)

        asyncio.run(run())


def _relay(settings: Settings, service: str) -> None:
    from zerocarbon.product.relaying import publish  # noqa: PLC0415

    with service_urls(settings, [service]) as urls:

        async def run() -> None:
            await publish(settings, service, urls[service], _stop_on_signals())

        asyncio.run(run())


def run_rebuild(settings: Settings, service: str, name: str, *, accept: bool) -> int:
    """Rebuilds one projection; gives the exit status."""
    return _reported(f"{service} rebuild", settings, lambda: _rebuild(settings, service, name, accept))


def _rebuild(settings: Settings, service: str, name: str, accept: bool) -> None:
    from zerocarbon.product.catalogue import SERVICES  # noqa: PLC0415
    from zerocarbon.product.rebuilding import PROJECTIONS, rebuild_over  # noqa: PLC0415

    projection = PROJECTIONS.get((service, name))
    if projection is None:
        known = ", ".join(" ".join(one) for one in PROJECTIONS)
        raise SettingsRefused([f"{service} has no projection {name!r} to rebuild; there is {known}"])
    embedded = settings.kafka_bootstrap_servers is None and settings.database_url is None
    with service_urls(settings, list(SERVICES) if embedded else [service]) as urls:
        asyncio.run(rebuild_over(settings, projection, urls, must_agree=not accept))
    typer.echo(f"{service} {name}: rebuilt and swapped")


def _reported(name: str, settings: Settings, work: Callable[[], None]) -> int:
    """Does the work; what hinders it is said in a line."""
    # Until the event loop takes the signals: an early SIGTERM unwinds what was started, as Ctrl-C does.
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        configure_logs(as_json=settings.log_json)
        configure_tracing(name)
        work()
    except SettingsRefused as refused:
        return _said(refused.lines, WRONG_SETTINGS)
    except PartFailed as failed:
        _log.error("ended by a fault", exc_info=failed)
        return _said([str(failed)], NOT_STARTED)
    except _REFUSED as refused:
        return _said([str(refused) or type(refused).__name__], NOT_STARTED)
    except KeyboardInterrupt:
        return _said(["interrupted while starting"], NOT_STARTED)
    finally:
        signal.signal(signal.SIGTERM, before)
    return 0


def _said(lines: Sequence[str], status: int) -> int:
    for line in lines:
        typer.echo(f"zerocarbon: {redacted(line)}", err=True)
    return status


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wanted, stop.set)
    return stop
