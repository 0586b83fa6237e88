"""The one shape in which every benchmark reports, and its command line."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from benchmarks.machine import machine, versions
from benchmarks.quiet import quiet
from benchmarks.stage import Stage, stage

SEED = 20240630


@dataclass(frozen=True, slots=True)
class Result:
    """One case. A ratio is the case's figure over its yardstick's, both medians of their rounds.

    Attributes:
        rate: in `unit`; for latencies the latency.
        yardstick: what stands beside it, in the same unit; `None` where the reach is absolute.
        cpu_us_per_item: of the own process, the broker and the database together.
        rss_mb: the most that the own process held, MiB.
    """

    case: str
    rate: float
    unit: str
    yardstick: float | None
    ratio: float | None
    cpu_us_per_item: float | None
    cpu_ratio: float | None
    rss_mb: float | None


@dataclass(frozen=True, slots=True)
class Reach:
    """What is to be reached by a figure of a case (issue 3, "Speed")."""

    case: str
    figure: str
    bound: float
    at_most: bool = False

    def reached(self, value: float) -> bool:
        """Whether a measured value is good enough."""
        return value <= self.bound if self.at_most else value >= self.bound

    def __str__(self) -> str:
        return f"{self.figure} {'<=' if self.at_most else '>='} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Options:
    """How much is measured. `quick` shows that it works, its figures say nothing."""

    seed: int
    quick: bool
    items: int | None
    rounds: int
    only: str

    def count(self, full: int, quick: int) -> int:
        """How many items: as asked, else by mode."""
        if self.items is not None:
            return self.items
        return quick if self.quick else full


Measure = Callable[[Stage, Options], Sequence[Result]]


@dataclass(frozen=True, slots=True)
class Benchmark:
    """What can be measured, under the name of its module."""

    name: str
    reaches: Sequence[Reach]
    measure: Measure


def main(*benchmarks: Benchmark) -> None:
    """Runs benchmarks from the command line, on servers that they share, and prints each."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.NAME")
    parser.add_argument("--json", action="store_true", help="print one JSON object on one line")
    parser.add_argument("--quick", action="store_true", help="few items, one round: shows that it works")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--items", type=int, help="items of each case instead of the usual number")
    parser.add_argument("--rounds", type=int, help="rounds of each case; figures are their medians")
    parser.add_argument("--only", default="", help="cases whose name contains this, where there are several")
    given = parser.parse_args()
    rounds = given.rounds or (1 if given.quick else 3)
    options = Options(given.seed, given.quick, given.items, rounds, given.only)
    quiet()
    # Whoever is told to end stops its servers first.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with stage() as servers:
        for benchmark in benchmarks:
            say(f"{benchmark.name}:")
            results = benchmark.measure(servers, options)
            if given.json:
                text = json.dumps(as_object(benchmark.name, options.seed, results))
            else:
                text = table(results, benchmark.reaches)
            sys.stdout.write(f"{text}\n")
            sys.stdout.flush()


def as_object(benchmark: str, seed: int, results: Sequence[Result]) -> dict[str, object]:
    """The published shape."""
    return {
        "benchmark": benchmark,
        "machine": machine(),
        "versions": versions(),
        "seed": seed,
        "results": [asdict(result) for result in results],
    }


def table(results: Sequence[Result], reaches: Sequence[Reach]) -> str:
    """The same for people, as a Markdown table with what is to be reached."""
    lines = [
        "| case | rate | unit | yardstick | ratio | CPU us/item | CPU ratio | RSS MiB | to reach |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for it in results:
        wanted = [
            f"{reach} {'yes' if reach.reached(value) else 'NO'}"
            for reach in reaches
            if reach.case == it.case and (value := getattr(it, reach.figure)) is not None
        ]
        cells = [
            it.case, _number(it.rate), it.unit, _number(it.yardstick), _number(it.ratio, 2),
            _number(it.cpu_us_per_item, 2), _number(it.cpu_ratio, 2), _number(it.rss_mb), "; ".join(wanted),
        ]  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def say(text: str) -> None:
    """Progress, beside the figures."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def middle(values: Sequence[float]) -> float:
    """The median, to six significant digits."""
    return float(f"{median(values):.6g}")


def quotient(value: float | None, by: float | None) -> float | None:
    """To four significant digits; nothing where one of them is missing."""
    return float(f"{value / by:.4g}") if value is not None and by else None


def _number(value: float | None, places: int = 0) -> str:
    return "" if value is None else f"{value:,.{places}f}"
