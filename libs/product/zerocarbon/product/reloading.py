"""`serve --reload`: a service in a process of its own that is started again when the source changes."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import typer

import zerocarbon
from zerocarbon.product.running import WRONG_SETTINGS

LOOK_EVERY_SECONDS = 0.5
END_SECONDS = 20.0
"""After which a process that was asked to end is killed."""


def serve_reloading(service: str) -> int:
    """Serves one service until a signal, from the source as it stands; gives the exit status."""
    stop = threading.Event()

    def asked(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, asked)
    command = [sys.executable, "-m", "zerocarbon.product.main", "serve", service]
    return supervise(command, [Path(place) for place in zerocarbon.__path__], stop)


def supervise(command: Sequence[str], roots: Sequence[Path], stop: threading.Event) -> int:
    """Runs a command, and runs it anew after each change of a Python file under the roots, until `stop`.

    A process that ends by itself is not started again before the source has changed, because it would end
    again; one whose settings are wrong ends the supervision, because no change of source mends those.
    """
    status = 0
    while not stop.is_set():
        before = _stamps(roots)
        process = subprocess.Popen(command)  # noqa: S603 - our own command line
        try:
            while not stop.wait(LOOK_EVERY_SECONDS) and _stamps(roots) == before:
                if process.poll() == WRONG_SETTINGS:
                    return WRONG_SETTINGS
        finally:
            status = _end(process)
        if not stop.is_set():
            typer.echo("the source has changed: starting again", err=True)
    return max(status, 0)


def _stamps(roots: Sequence[Path]) -> dict[Path, int]:
    """When each source file was changed, in nanoseconds; one that goes while we look is not there."""
    stamps = {}
    for root in roots:
        for path in root.rglob("*.py"):
            try:
                stamps[path] = path.stat().st_mtime_ns
            except FileNotFoundError:
                continue
    return stamps


def _end(process: subprocess.Popen[bytes]) -> int:
    if process.poll() is None:
        process.terminate()
    try:
        return process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
