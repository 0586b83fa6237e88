"""A contestant's side of a run: it says `ready`, waits for `go`, works, and prints what it came to."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.quiet import quiet

PATIENCE_SECONDS = 600
Arguments = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lap:
    """What one process says about its work. Clocks are those of the machine, equal in all processes."""

    begun: float
    ended: float
    items: int
    extra: Any = None


Play = Callable[[], Awaitable[Lap]]
Prepare = Callable[[Arguments], Awaitable[Play]]


def take_turn(prepare: Prepare) -> None:
    """The child's side: `prepare` sets everything up and gives what is to be measured."""
    quiet()
    asyncio.run(_take_turn(prepare, json.loads(sys.argv[1])))


async def _take_turn(prepare: Prepare, arguments: Arguments) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        play = await prepare(arguments)
        # What was prepared is no garbage, and no service holds so much while it works.
        gc.collect()
        gc.freeze()
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        assert await asyncio.to_thread(sys.stdin.readline) == "go\n", "the other side has ended"
        before = time.process_time()
        lap = await play()
        report = {
            "lap": {"begun": lap.begun, "ended": lap.ended, "items": lap.items, "extra": lap.extra},
            "cpu": time.process_time() - before,
            "rss_mb": _most_held(),
        }
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()


def _most_held() -> float:
    """The most memory that this process held, MiB. `getrusage` would tell the parent's, from before exec."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the system does not tell the peak of memory")
