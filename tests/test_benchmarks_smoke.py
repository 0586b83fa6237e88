"""Every benchmark runs, prints the one shape, and counts only what is exact. Never how fast: that is no test.

Each ends with an error of its own when sums, rows or records are not what its generator says.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHAPE = {"benchmark", "machine", "versions", "seed", "results"}
RESULT = {"case", "rate", "unit", "yardstick", "ratio", "cpu_us_per_item", "cpu_ratio", "rss_mb"}
CASES = {"fold": 2, "append": 1, "relay": 1, "latency": 2}


@pytest.mark.timeout(300)  # half a minute on a machine that does nothing else
async def test_the_benchmarks_run_and_are_exact() -> None:
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "benchmarks", "--json", "--quick", "--only", "30,000 groups"],
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()  # it stops its servers and then ends
            await process.wait()
    assert process.returncode == 0, errors.decode()
    reports = [json.loads(line) for line in out.splitlines()]
    assert {report["benchmark"]: len(report["results"]) for report in reports} == CASES
    for report in reports:
        assert set(report) == SHAPE
        for result in report["results"]:
            assert set(result) == RESULT
            assert result["rate"] > 0
            assert result["cpu_us_per_item"] > 0
            assert (result["ratio"] is None) == (result["yardstick"] is None)
