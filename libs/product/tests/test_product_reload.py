"""A service under `--reload`: started again by a change, not by an end, and never left behind."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psutil

from zerocarbon.product.reloading import supervise

SECONDS = 20.0
STAND = "import time; time.sleep(60)"


@contextmanager
def supervised(root: Path) -> Iterator[tuple[threading.Event, Future[int], Path]]:
    """Supervises `service.py` under the root; each start of it appends its process's id to the log."""
    log = root / "log"
    begin = f"import os; open({str(log)!r}, 'a').write(f'{{os.getpid()}}\\n'); "
    command = [sys.executable, "-c", f"{begin} exec(open({str(root / 'service.py')!r}).read())"]
    stop = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        status = pool.submit(supervise, command, [root], stop)
        try:
            yield stop, status, log
        finally:
            stop.set()


def started(log: Path, times: int) -> list[int]:
    """The processes once it was started so often."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        found = [int(line) for line in log.read_text().splitlines()] if log.exists() else []
        if len(found) >= times:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not started {times} times")


def test_a_change_of_source_ends_the_process_and_starts_another(tmp_path: Path) -> None:
    (tmp_path / "service.py").write_text(STAND)
    with supervised(tmp_path) as (stop, status, log):
        (first,) = started(log, 1)
        (tmp_path / "new.py").write_text("")
        again = started(log, 2)
        assert again[0] == first
        assert not psutil.pid_exists(first), "two of them at once would fight for the port"
        stop.set()
        status.result(SECONDS)
        assert not psutil.pid_exists(again[1])
        assert len(started(log, 2)) == 2


def test_one_that_ends_by_itself_waits_for_the_source_to_be_mended(tmp_path: Path) -> None:
    (tmp_path / "service.py").write_text("this is no Python")
    with supervised(tmp_path) as (_, status, log):
        started(log, 1)
        time.sleep(1.5)
        assert len(started(log, 1)) == 1
        assert not status.done()
        (tmp_path / "service.py").write_text(STAND)
        assert psutil.Process(started(log, 2)[1]).is_running()


def test_wrong_settings_end_the_supervision(tmp_path: Path) -> None:
    (tmp_path / "service.py").write_text("raise SystemExit(2)")
    with supervised(tmp_path) as (_, status, _log):
        assert status.result(SECONDS) == 2
