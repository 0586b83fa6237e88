"""The `zerocarbon` command."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from zerocarbon.common.settings import Settings, SettingsRefused, load

NAMES = ("ingest", "accounting", "certificates", "declaration")
"""The services, as the catalogue has them; named here because `verify` has to work without importing them."""

WRONG_SETTINGS = 2

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
    help="Zero-Carbon Factory: inventories, certificates and claims that a stranger can check.",
)


@app.command()
def up() -> None:
    """Run all four services on the embedded default, on loopback, until interrupted."""
    place = _settings().data_directory
    typer.echo(f"starting the four services; data in {place}/; Ctrl-C stops them; log lines follow")
    _run(NAMES, alone=False)


@app.command()
def serve(
    service: Annotated[str, typer.Argument(help="ingest, accounting, certificates or declaration")],
    reload: Annotated[bool, typer.Option("--reload", help="Start again when the source changes.")] = False,
) -> None:
    """Run one service by itself (on Kafka when KAFKA_BOOTSTRAP_SERVERS is set)."""
    _known(service)
    if reload:
        from zerocarbon.product.reloading import serve_reloading  # noqa: PLC0415

        raise typer.Exit(serve_reloading(service))
    _run([service], alone=True)


def end_on_hangup() -> None:
    """A terminal that closes ends the program as SIGTERM does: in order, with the database. What was told
    to outlive its terminal (nohup) does."""
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, lambda _signal, _frame: signal.raise_signal(signal.SIGTERM))


def _interrupt_once(_signal: int, _frame: FrameType | None) -> None:
    # A second one would interrupt the ending itself.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _known(service: str) -> None:
    if service not in NAMES:
        raise typer.BadParameter(f"there is no service {service!r}; there are {', '.join(NAMES)}")


def _settings() -> Settings:
    # Before the services are imported: what is wrong is said at once.
    try:
        return load()
    except SettingsRefused as refused:
        for line in refused.lines:
            typer.echo(f"zerocarbon: {line}", err=True)
        raise typer.Exit(WRONG_SETTINGS) from None


def _run(names: Sequence[str], *, alone: bool) -> None:
    settings = _settings()
    end_on_hangup()
    from zerocarbon.product.running import run_services  # noqa: PLC0415

    raise typer.Exit(run_services(settings, names, alone=alone))


@app.command()
def relay(service: Annotated[str, typer.Argument(help="whose events to publish to Kafka")]) -> None:
    """Publish one service's events to Kafka, and to its organisations' own topics."""
    _known(service)
    settings = _settings()
    if settings.kafka_bootstrap_servers is None:
        typer.echo(
            "zerocarbon: KAFKA_BOOTSTRAP_SERVERS is not set: expected HOST:PORT;"
            " the embedded default has no relay",
            err=True,
        )
        raise typer.Exit(WRONG_SETTINGS)
    end_on_hangup()
    from zerocarbon.product.running import run_relay  # noqa: PLC0415

    raise typer.Exit(run_relay(settings, service))


@app.command()
def rebuild(
    service: Annotated[str, typer.Argument(help="whose projection")],
    projection: Annotated[str, typer.Argument(help="which, such as `sums` of accounting")],
    accept: Annotated[
        bool, typer.Option("--accept", help="Swap even if the two say different things.")
    ] = False,
) -> None:
    """Rebuild a projection from its topic, compare it with the live one, and swap."""
    _known(service)
    settings = _settings()
    from zerocarbon.product.running import run_rebuild  # noqa: PLC0415

    raise typer.Exit(run_rebuild(settings, service, projection, accept=accept))


@app.command()
def reset() -> None:
    """Throw away var/ and demo-output/ of this directory, unless services run on them."""
    from zerocarbon.product.occupancy import AlreadyRunning  # noqa: PLC0415
    from zerocarbon.product.resetting import reset as throw_away  # noqa: PLC0415

    try:
        throw_away(NAMES)
    except AlreadyRunning as running:
        typer.echo(f"zerocarbon: {running}", err=True)
        raise typer.Exit(1) from None
    typer.echo("var/ and demo-output/ are gone")


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
    svg: Annotated[Path | None, typer.Option(hidden=True, help="Where a picture of this goes.")] = None,
) -> None:
    """Tell the whole story: from a year of readings to a declaration. All data are synthetic."""
    settings = _settings()
    signal.signal(signal.SIGTERM, _interrupt_once)
    end_on_hangup()
    from zerocarbon.product.demo.command import run_demo  # noqa: PLC0415
    from zerocarbon.product.demo.wishes import Wishes  # noqa: PLC0415

    asked_on = datetime.now(UTC).replace(microsecond=0) if today else None
    wishes = Wishes(output, meter_data, meter_mapping, asked_on)
    raise typer.Exit(run_demo(wishes, kafka=kafka, services=service or [], settings=settings, picture=svg))


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
