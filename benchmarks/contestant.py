"""One contestant a process: fresh memory, its own CPU, and a clock that starts when everything stands.

`turn` is the other side.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.stage import Stage
from benchmarks.turn import PATIENCE_SECONDS, Arguments, Lap

ROOT = Path(__file__).parent.parent
Contestant = tuple[str, Arguments]
"""A module and what it is to know."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of one or several processes. CPU in seconds, memory in MiB (the most that one of them held)."""

    laps: Sequence[Lap]
    own_cpu: float
    server_cpu: float
    rss_mb: float

    @property
    def items(self) -> int:
        """What all of them did."""
        return sum(lap.items for lap in self.laps)

    @property
    def seconds(self) -> float:
        """From the first beginning to the last end."""
        return max(lap.ended for lap in self.laps) - min(lap.begun for lap in self.laps)

    @property
    def rate(self) -> float:
        """Items a second."""
        return self.items / self.seconds

    @property
    def cpu_us(self) -> float:
        """CPU of the own processes, broker and database, us an item."""
        return (self.own_cpu + self.server_cpu) * 1e6 / self.items


def run(stage: Stage, *contestants: Contestant) -> Turn:
    """Runs `python -m benchmarks.<module> <arguments>` for each, all at the same time."""
    with ExitStack() as ending:
        children = [ending.enter_context(_Child(module, arguments)) for module, arguments in contestants]
        for child in children:
            child.await_ready()
        before = stage.seconds()
        for child in children:
            child.go()
        reports = [child.report() for child in children]
        after = stage.seconds()
    return Turn(
        laps=[Lap(**report["lap"]) for report in reports],
        own_cpu=sum(report["cpu"] for report in reports),
        server_cpu=after.broker + after.database - before.broker - before.database,
        rss_mb=max(report["rss_mb"] for report in reports),
    )


class _Child:
    def __init__(self, module: str, arguments: Arguments) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{module}", json.dumps(arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> _Child:
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()

    def await_ready(self) -> None:
        assert self._line() == "ready", "a contestant says that it is ready first"

    def go(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._line())
        assert self._process.wait(PATIENCE_SECONDS) == 0
        return found

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline().strip()
        assert line, f"a contestant ended without a word: {self._process.wait(PATIENCE_SECONDS)}"
        return line
