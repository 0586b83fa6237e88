"""Pytest plugin: which requirements of `docs/requirements.csv` the tests show.

A test carries `@pytest.mark.requirement("R61")`. The run leaves `.cache/requirements/last-run.json`: one
record per marked test. A full run replaces the file; a narrow one replaces only the records of the tests it
ran. `make requirements` prints it. A mark whose number is not in the register is an error of collection.

Under pytest-xdist the numbers travel with the reports to the controlling process, which alone writes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest

from zerocarbon.common.testing.requirement_register import REGISTER, read_register

RUN = Path(".cache") / "requirements" / "last-run.json"
"""Where a run is recorded, below the root of the checkout."""

_PROPERTY = "requirement"

Outcome = Literal["passed", "failed", "skipped"]
_WORST_LAST: tuple[Outcome, ...] = ("passed", "skipped", "failed")


@dataclass(frozen=True, slots=True)
class TestRecord:
    """One marked test and how it ended; `skipped` also stands for an expected failure."""

    __test__ = False

    test: str
    requirements: tuple[str, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Run:
    """What the last run left. `full` is false when it, or a run before it, took only a part of the tests."""

    ended_at: str
    full: bool
    records: tuple[TestRecord, ...]


def read_run(root: Path) -> Run | None:
    """The recorded run of a checkout, or None when no test ran yet."""
    path = root / RUN
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    records = tuple(
        TestRecord(test=item["test"], requirements=tuple(item["requirements"]), outcome=item["outcome"])
        for item in found["records"]
    )
    return Run(ended_at=found["ended_at"], full=found["full"], records=records)


def write_run(root: Path, run: Run) -> None:
    """Puts the run in place as a whole, so that a reader never meets half a file."""
    path = root / RUN
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(asdict(run), indent=1), encoding="utf-8")
    draft.replace(path)


class Recorder:
    """Registered once per process; the controlling process gathers reports and writes."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._known = {requirement.number for requirement in read_register(config.rootpath / REGISTER)}
        self._seen: dict[str, TestRecord] = {}
        self._all_collected = True

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Reads the marks of what was collected; a number that nobody knows fails the collection."""
        report = yield
        wrong: list[str] = []
        for item in report.result or ():
            if not isinstance(item, pytest.Item):
                continue
            numbers = list(_numbers(item))
            wrong += [f"{item.name}: {number}" for number in numbers if number not in self._known]
            item.user_properties += [(_PROPERTY, number) for number in numbers]
        if wrong:
            report.outcome = "failed"
            report.longrepr = f"not in {REGISTER}: " + "; ".join(wrong)
            report.result = []
        return report

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A module that could not be collected makes the run a partial one."""
        self._all_collected = self._all_collected and not report.failed

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Set-up, call and tear-down each report; the worst of the three counts."""
        numbers = [str(value) for name, value in report.user_properties if name == _PROPERTY]
        if not numbers:
            return
        before = self._seen.get(report.nodeid)
        outcomes = [report.outcome] if before is None else [before.outcome, report.outcome]
        worst = max(outcomes, key=_WORST_LAST.index)
        self._seen[report.nodeid] = TestRecord(report.nodeid, tuple(dict.fromkeys(numbers)), worst)

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Writes what was seen, in the controlling process."""
        if hasattr(self._config, "workerinput") or self._config.option.collectonly:
            return
        finished = exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}
        full = finished and self._all_collected and _asks_for_everything(self._config)
        before = read_run(self._config.rootpath)
        if not full and not self._seen:
            return
        kept = {} if full or before is None else {record.test: record for record in before.records}
        records = sorted((kept | self._seen).values(), key=lambda record: record.test)
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        write_run(self._config.rootpath, Run(ended_at=now, full=full, records=tuple(records)))


def _numbers(item: pytest.Item) -> Iterable[str]:
    for mark in item.iter_markers("requirement"):
        if not mark.args:
            yield "a mark without a number"
        yield from (str(number) for number in mark.args)


def _asks_for_everything(config: pytest.Config) -> bool:
    option = config.option
    narrowed = option.keyword or option.markexpr or option.deselect or getattr(option, "lf", False)
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not narrowed


def pytest_configure(config: pytest.Config) -> None:
    """Starts the recorder. A register that cannot be read stops the run."""
    try:
        recorder = Recorder(config)
    except (OSError, ValueError) as problem:
        raise pytest.UsageError(f"{REGISTER}: {problem}") from problem
    config.pluginmanager.register(recorder, "zerocarbon-requirements")
