"""The `zerocarbon` command."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer

from zerocarbon.common.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Zero-Carbon Factory: inventories, certificates and claims that a stranger can check.",
)


def _logs(settings: Settings) -> None:
    renderer = (
        structlog.processors.JSONRenderer()
        if settings.log_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


async def _until_signalled(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wanted, stop.set)


@app.command()
def up() -> None:
    """Run all four services on the embedded default, on loopback, until interrupted."""
    _run(list(_services()))


@app.command()
def serve(
    service: Annotated[str, typer.Argument(help="ingest, accounting, certificates or declaration")],
) -> None:
    """Run one service by itself (on Kafka when KAFKA_BOOTSTRAP_SERVERS is set)."""
    _known(service)
    _run([service])


def _known(service: str) -> None:
    if service not in _services():
        raise typer.BadParameter(f"there is no service {service!r}; there are {', '.join(_services())}")


def _services() -> list[str]:
    # Imported late: `verify` has to work without the services.
    from zerocarbon.product.catalogue import SERVICES  # noqa: PLC0415

    return list(SERVICES)


def _run(names: list[str]) -> None:
    from zerocarbon.product.admin_key import admin_key, admin_key_file  # noqa: PLC0415
    from zerocarbon.product.databases import service_urls  # noqa: PLC0415
    from zerocarbon.product.host import host  # noqa: PLC0415

    settings = Settings()
    _logs(settings)
    admin_key(settings)
    wanted = names if settings.database_url is not None else list(_services())

    async def run() -> None:
        stop = asyncio.Event()
        await _until_signalled(stop)
        await host(settings, names, urls, stop)

    with service_urls(settings, wanted) as urls:
        typer.echo(f"REST  http://{settings.host}:{settings.port}  (docs at /docs)")
        typer.echo(f"gRPC  {settings.host}:{settings.grpc_port}")
        typer.echo(f"administrator key  {admin_key_file(settings)}")
        asyncio.run(run())


@app.command()
def relay(service: Annotated[str, typer.Argument(help="whose events to publish to Kafka")]) -> None:
    """Publish one service's events to Kafka, and to its organisations' own topics."""
    from zerocarbon.product.databases import service_urls  # noqa: PLC0415
    from zerocarbon.product.relaying import publish  # noqa: PLC0415

    _known(service)
    settings = Settings()
    _logs(settings)

    async def run() -> None:
        stop = asyncio.Event()
        await _until_signalled(stop)
        await publish(settings, service, urls[service], stop)

    with service_urls(settings, [service]) as urls:
        asyncio.run(run())


@app.command()
def demo(
    meter_data: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A real meter file instead of the sample."),
    ] = None,
    meter_mapping: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="How to read that file (JSON).")
    ] = None,
    today: Annotated[bool, typer.Option("--today", help="Ask for the statements on today's date.")] = False,
    kafka: Annotated[bool, typer.Option("--kafka", help="On a real broker, in nine processes.")] = False,
    output: Annotated[Path, typer.Option(help="Where the documents go.")] = Path("demo-output"),
    service: Annotated[
        list[str] | None, typer.Option(help="NAME=URL of a service that runs already; four times.")
    ] = None,
) -> None:
    """Tell the whole story: from a year of readings to a declaration. All data are synthetic."""
    from zerocarbon.product.demo.command import run_demo  # noqa: PLC0415
    from zerocarbon.product.demo.run import Wishes  # noqa: PLC0415

    wishes = Wishes(output, meter_data, meter_mapping, today)
    raise typer.Exit(run_demo(wishes, kafka=kafka, services=service or [], settings=Settings()))


@app.command()
def verify(
    bundle: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    key: Annotated[Path | None, typer.Option(help="The issuer's public key (PEM or JWK).")] = None,
) -> None:
    """Check an evidence bundle offline: no services, no database."""
    from zerocarbon.product.verification import verify_bundle  # noqa: PLC0415

    raise typer.Exit(verify_bundle(bundle, key))


if __name__ == "__main__":
    app()
