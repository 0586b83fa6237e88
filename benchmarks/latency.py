"""How long it takes from an append until the fold is visible, on Kafka, at 1,000 events a second.

Clocks start before the transaction of the append begins and stop when the fold's transaction is committed. A
run counts only if the sum over everything is right.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from statistics import quantiles

import asyncpg

from benchmarks.contestant import Turn, run
from benchmarks.latency_part import EACH_SECOND
from benchmarks.report import Benchmark, Options, Reach, Result, main, middle, say
from benchmarks.stage import Stage
from zerocarbon.common.postgres.urls import Urls

P50, P99 = "append to visible fold, p50", "append to visible fold, p99"
REACHES = [Reach(P99, "rate", 150, at_most=True), Reach(P99, "rss_mb", 300, at_most=True)]
FULL, QUICK = 12 * EACH_SECOND, 2 * EACH_SECOND
DROPPED = 6
"""One part in so many is dropped at the beginning: what is measured runs already."""


def measure(servers: Stage, options: Options) -> Sequence[Result]:
    """Some runs; there is no yardstick."""
    items = options.count(FULL, QUICK)
    turns, halves, tails = [], [], []
    for number in range(options.rounds):
        turn = _run(servers, f"latency-{number}", items)
        waited = _waited(turn, items)
        cuts = quantiles(waited, n=100)
        turns.append(turn)
        halves.append(cuts[49])
        tails.append(cuts[98])
        say(f"round {number + 1}: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms")
    return [_result(P50, halves, turns), _result(P99, tails, turns)]


def _result(case: str, figures: Sequence[float], turns: Sequence[Turn]) -> Result:
    return Result(
        case=case,
        rate=middle(figures),
        unit="ms",
        yardstick=None,
        ratio=None,
        cpu_us_per_item=middle([turn.cpu_us * len(turn.laps) for turn in turns]),
        cpu_ratio=None,
        rss_mb=middle([turn.rss_mb for turn in turns]),
    )


def _run(servers: Stage, topic: str, items: int) -> Turn:
    servers.make_topic(topic)
    with servers.database("ingest") as ingest, servers.database("accounting") as accounting:
        asyncio.run(servers.checkpoint())
        common = {"kafka": servers.kafka.bootstrap_servers, "topic": topic, "items": items}
        turn = run(
            servers,
            ("latency_part", {**common, "part": "appender", "urls": asdict(ingest)}),
            ("relay_runner", {**common, "relay": topic, "urls": asdict(ingest)}),
            ("latency_part", {**common, "part": "folder", "urls": asdict(accounting)}),
        )
        asyncio.run(_check(accounting, items))
        return turn


def _waited(turn: Turn, items: int) -> list[float]:
    """Milliseconds, of each event behind the beginning."""
    appended, _relayed, folded = (lap.extra for lap in turn.laps)
    numbers = [str(number) for number in range(items // DROPPED, items)]
    return [(folded[number] - appended[number]) * 1000 for number in numbers]


async def _check(urls: Urls, items: int) -> None:
    connection = await asyncpg.connect(urls.worker)
    try:
        total = await connection.fetchval("SELECT sum(quantity) FROM sum_delta")
        parked = await connection.fetchval("SELECT count(*) FROM parked_event")
    finally:
        await connection.close()
    assert total == items * (items - 1) // 2, "the sums are not what was sent: this run does not count"
    assert parked == 0, "good events were parked"


LATENCY = Benchmark("latency", REACHES, measure)

if __name__ == "__main__":
    main(LATENCY)
