"""How fast a worker folds activity from Kafka into exact sums in PostgreSQL, against reading alone.

A run counts only if every sum and every parked event is what the generator says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import asyncpg

from benchmarks.contestant import Turn, run
from benchmarks.report import Benchmark, Options, Reach, Result, main, middle, quotient, say
from benchmarks.stage import Stage
from benchmarks.topic import bounds, publish
from benchmarks.workload import HOUR, ORGANISATION, PARTITIONS, Expected, Generator, SumKey, Workload
from zerocarbon.common.postgres.urls import Urls

FEW = "300 groups"
ORDERED = "30,000 groups in time order"
NEW = "every event a new group"
SERIES = "series of 96 readings"
TWO = "two workers, 30,000 groups in time order"
MONTHS = "months of 2,976 readings"

RSS_MB = 300
REACHES = [
    Reach(FEW, "ratio", 0.35),
    Reach(FEW, "cpu_ratio", 2.5, at_most=True),
    Reach(ORDERED, "ratio", 0.30),
    Reach(ORDERED, "cpu_ratio", 3, at_most=True),
    Reach(NEW, "ratio", 0.15),
    Reach(NEW, "cpu_ratio", 5, at_most=True),
    Reach(SERIES, "ratio", 1.2),
    Reach(TWO, "ratio", 1.2),
    Reach(TWO, "cpu_ratio", 1.15, at_most=True),
    *(Reach(case, "rss_mb", RSS_MB, at_most=True) for case in (FEW, ORDERED, NEW, SERIES, TWO, MONTHS)),
]
FULL, QUICK = 1_000_000, 10_000
PAGE = 5_000


def workloads(events: int) -> dict[str, Workload]:
    """Each case by its name. Group: source and hour."""
    quarters, hourly = 900, 3600
    return {
        FEW: Workload(events, sources=100, hours=3, interval=1, in_time_order=False),
        ORDERED: Workload(events, sources=300, hours=100, interval=60),
        NEW: Workload(events, sources=1000, hours=0, interval=hourly),
        SERIES: Workload(max(events // 50, 100), sources=1000, hours=0, interval=quarters, readings=96),
        MONTHS: Workload(max(events // 1000, 20), sources=100, hours=0, interval=quarters, readings=2976),
    }


@dataclass(frozen=True, slots=True)
class Filled:
    """A topic and what is on it."""

    name: str
    workload: Workload
    expected: Expected
    factories: Sequence[str]


def measure(servers: Stage, options: Options) -> Sequence[Result]:
    """All cases; the yardstick of each round is read right before the case."""
    cases = workloads(options.count(FULL, QUICK))
    results = []
    for number, (case, workload) in enumerate(cases.items()):
        double = case == ORDERED
        if options.only not in case and not (double and options.only in TWO):
            continue
        say(f"{case}: {workload.events:,} events")
        filled = _fill(servers, f"fold-{number}", workload, options.seed)
        # Series are compared with the reading of events of 400 bytes.
        yard = filled
        if workload.readings > 1:
            yard = _fill(servers, f"yard-{number}", cases[ORDERED], options.seed)
        if options.only in case:
            results.append(_case(servers, case, filled, yard, options.rounds))
        if double and options.only in TWO:
            results.append(_two_workers(servers, filled, options.rounds))
    return results


def _fill(servers: Stage, topic: str, workload: Workload, seed: int) -> Filled:
    generator = Generator(workload, seed)
    publish(servers, topic, generator.pages(PAGE if workload.readings == 1 else 200))
    return Filled(topic, workload, generator.expected, generator.factories)


def _case(servers: Stage, case: str, filled: Filled, yard: Filled, rounds: int) -> Result:
    yards, folds = [], []
    for number in range(rounds):
        yards.append(_read(servers, yard))
        folds.append(_fold(servers, filled, workers=1))
        say(f"  round {number + 1}: reads {yards[-1].rate:,.0f}/s, folds {folds[-1].rate:,.0f}/s")
    readings = filled.workload.readings
    rate, yardstick = _rate(folds) * readings, _rate(yards)
    cpu = middle([turn.cpu_us for turn in folds]) / readings
    return Result(
        case=case,
        rate=rate,
        unit="readings/s" if readings > 1 else "events/s",
        yardstick=yardstick,
        ratio=quotient(rate, yardstick),
        cpu_us_per_item=middle([cpu]),
        cpu_ratio=quotient(cpu, middle([turn.cpu_us for turn in yards])),
        rss_mb=middle([turn.rss_mb for turn in folds]),
    )


def _two_workers(servers: Stage, filled: Filled, rounds: int) -> Result:
    alone, both = [], []
    for number in range(rounds):
        alone.append(_fold(servers, filled, workers=1))
        both.append(_fold(servers, filled, workers=2))
        say(f"  round {number + 1}: one {alone[-1].rate:,.0f}/s, two {both[-1].rate:,.0f}/s")
    cpu = middle([turn.cpu_us for turn in both])
    return Result(
        case=TWO,
        rate=_rate(both),
        unit="events/s",
        yardstick=_rate(alone),
        ratio=quotient(_rate(both), _rate(alone)),
        cpu_us_per_item=cpu,
        cpu_ratio=quotient(cpu, middle([turn.cpu_us for turn in alone])),
        rss_mb=middle([turn.rss_mb for turn in both]),
    )


def _rate(turns: Sequence[Turn]) -> float:
    return middle([turn.rate for turn in turns])


def _read(servers: Stage, filled: Filled) -> Turn:
    where = {"kafka": servers.kafka.bootstrap_servers, "topic": filled.name}
    return run(servers, ("raw_reader", {**where, "records": filled.workload.events}))


def _fold(servers: Stage, filled: Filled, workers: int) -> Turn:
    until = {str(at.partition): text for at, text in bounds(servers.kafka, filled.name).items()}
    assert len(until) == PARTITIONS
    with servers.database("accounting") as urls:
        arguments = {
            "kafka": servers.kafka.bootstrap_servers,
            "topic": filled.name,
            "urls": asdict(urls),
            "until": until,
            "items": filled.workload.events / workers,
        }
        asyncio.run(_set_up(servers, urls, filled.factories))
        turn = run(servers, *[("fold_worker", arguments)] * workers)
        asyncio.run(_check(urls, filled.expected))
        return turn


async def _set_up(servers: Stage, urls: Urls, factories: Sequence[str]) -> None:
    """Makes the factories known, and writes out what earlier runs have left, so that it falls into none."""
    connection = await asyncpg.connect(urls.worker)
    try:
        await connection.executemany(
            "INSERT INTO factory VALUES ($1, $2, $3, 'Factory', '工厂', 'Asia/Shanghai', 'CN', 'CN-SD',"
            " 'operating', 3600)",
            [(factory, ORGANISATION, f"factory-{number}") for number, factory in enumerate(factories)],
        )
    finally:
        await connection.close()
    await servers.checkpoint()


async def _check(urls: Urls, expected: Expected) -> None:
    connection = await asyncpg.connect(urls.worker)
    try:
        rows = await connection.fetch(
            # Until a worker has learnt a factory's finest bucket it keeps quarters, and readers merge them.
            "SELECT source_id::text, bucket_start / 3600, recorded_day, sum(quantity), min(unit), max(unit)"
            " FROM sum_delta GROUP BY 1, 2, 3"
        )
        parked = await connection.fetch("SELECT event_id FROM parked_event")
    finally:
        await connection.close()
    assert {(row["min"], row["max"]) for row in rows} == {("kWh", "kWh")}
    found: dict[SumKey, object] = {(row[0], row[1] * HOUR, row[2]): row["sum"] for row in rows}
    assert found == expected.decimal_sums(), "the sums are not what was sent: this run does not count"
    identities = [row["event_id"] for row in parked]
    assert len(identities) == len(expected.parked), "other events were parked than were bad"
    assert set(identities) == expected.parked, "other events were parked than were bad"


FOLD = Benchmark("fold", REACHES, measure)

if __name__ == "__main__":
    main(FOLD)
