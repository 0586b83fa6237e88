"""All benchmarks one after the other: `python -m benchmarks`."""

from __future__ import annotations

from benchmarks.append import APPEND
from benchmarks.fold import FOLD
from benchmarks.latency import LATENCY
from benchmarks.relay import RELAY
from benchmarks.report import main

if __name__ == "__main__":
    main(FOLD, APPEND, RELAY, LATENCY)
