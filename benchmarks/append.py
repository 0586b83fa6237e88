"""How fast the event store appends blocks of 5,000 events, against bare COPY of the same rows.

A round counts only if both have written the same rows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict

import asyncpg

from benchmarks.contestant import Turn, run
from benchmarks.report import Benchmark, Options, Reach, Result, main, middle, quotient, say
from benchmarks.stage import Stage

CASE = "blocks of 5,000 events"
REACHES = [Reach(CASE, "ratio", 0.7)]
FULL, QUICK = 100_000, 10_000

_CONTENT = """
SELECT count(*)::text || ' ' || coalesce(sum(hashtextextended(
    concat_ws(' ', stream_id, version, event_id, type, topic, key, subject, organisation_id, recorded_at,
              traceparent, encode(data, 'hex')), 0)::numeric), 0)::text
FROM event
"""


def measure(servers: Stage, options: Options) -> Sequence[Result]:
    """Store and COPY in turns."""
    items = options.count(FULL, QUICK)
    bare, stored = [], []
    for number in range(options.rounds):
        (copy, copied), (append, appended) = (
            _write(servers, items, options.seed, bare=True),
            _write(servers, items, options.seed, bare=False),
        )
        assert appended == copied, "store and COPY have written different rows: this round does not count"
        assert appended.startswith(f"{items} ")
        bare.append(copy)
        stored.append(append)
        say(f"round {number + 1}: COPY {copy.rate:,.0f}/s, store {append.rate:,.0f}/s")
    rate, yardstick = (middle([turn.rate for turn in turns]) for turns in (stored, bare))
    cpu, plain = (middle([turn.cpu_us for turn in turns]) for turns in (stored, bare))
    return [
        Result(
            case=CASE,
            rate=rate,
            unit="events/s",
            yardstick=yardstick,
            ratio=quotient(rate, yardstick),
            cpu_us_per_item=cpu,
            cpu_ratio=quotient(cpu, plain),
            rss_mb=middle([turn.rss_mb for turn in stored]),
        )
    ]


def _write(servers: Stage, items: int, seed: int, *, bare: bool) -> tuple[Turn, str]:
    """One run, and a digest over what it wrote."""
    with servers.database("ingest") as urls:
        asyncio.run(servers.checkpoint())
        turn = run(
            servers, ("append_writer", {"urls": asdict(urls), "items": items, "seed": seed, "bare": bare})
        )
        return turn, asyncio.run(_content(urls.worker))


async def _content(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        found: str = await connection.fetchval(_CONTENT)
    finally:
        await connection.close()
    return found


APPEND = Benchmark("append", REACHES, measure)

if __name__ == "__main__":
    main(APPEND)
