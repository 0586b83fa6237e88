"""`make requirements`: which requirements have passing tests and which not, by the last run."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from zerocarbon.common.testing.requirement_register import (
    CHAPTERS,
    MODALITIES,
    REGISTER,
    SERVICES,
    Requirement,
    read_register,
)
from zerocarbon.common.testing.requirements import Run, TestRecord, read_run

SHOWN = "shown"
FAILING = "failing"
SKIPPED = "skipped"
OPEN = "open"
_HEADINGS = {
    SHOWN: "Shown by passing tests",
    FAILING: "With a failing test",
    SKIPPED: "With a test that did not run",
    OPEN: "Without a test",
}
_SIGNS = {SHOWN: "\x1b[32m✓\x1b[0m", FAILING: "\x1b[31m✗\x1b[0m", SKIPPED: "\x1b[33m~\x1b[0m", OPEN: "·"}
_BAR = 24


def state(records: Sequence[TestRecord]) -> str:
    """A requirement is shown when it has tests and all of them passed."""
    outcomes = {record.outcome for record in records}
    if not outcomes:
        return OPEN
    if "failed" in outcomes:
        return FAILING
    return SHOWN if outcomes == {"passed"} else SKIPPED


def report(requirements: Sequence[Requirement], run: Run | None) -> Iterator[str]:
    """The lines to print, with colour."""
    if run is None:
        yield "No test ran here yet: `make test` first. All requirements stand without a test until then."
    else:
        kind = "a run of all tests" if run.full else "runs of parts of the tests (`make test` runs all)"
        yield f"Requirements of the guide ({REGISTER}), by {kind}, {run.ended_at}"
    tests: dict[str, list[TestRecord]] = {requirement.number: [] for requirement in requirements}
    for record in run.records if run else ():
        for number in record.requirements:
            tests.setdefault(number, []).append(record)
    states = {number: state(records) for number, records in tests.items()}
    for wanted, heading in _HEADINGS.items():
        members = [item for item in requirements if states[item.number] == wanted]
        if members:
            yield ""
            yield f"\x1b[1m{heading}\x1b[0m ({len(members)})"
            yield from _section(members, wanted, tests)
    yield ""
    yield from _summary(requirements, states)


def _section(
    members: Sequence[Requirement], wanted: str, tests: dict[str, list[TestRecord]]
) -> Iterator[str]:
    chapter = None
    for item in members:
        if item.main_chapter != chapter:
            chapter = item.main_chapter
            yield f"  \x1b[2m{chapter} {CHAPTERS[chapter]}\x1b[0m"
        yield f"  {_SIGNS[wanted]} {item.number:<5}{item.title}"
        for name, count in _functions(tests[item.number]).items():
            cases = f" ({count} cases)" if count > 1 else ""
            yield f"           \x1b[2m{name}{cases}\x1b[0m"


def _functions(records: Sequence[TestRecord]) -> Counter[str]:
    """Test functions and how many parametrised cases each has; a failed case keeps its own name."""
    return Counter(
        record.test if record.outcome != "passed" else record.test.partition("[")[0] for record in records
    )


def _summary(requirements: Sequence[Requirement], states: dict[str, str]) -> Iterator[str]:
    counts = Counter(states[item.number] for item in requirements)
    for label, names in (("service", SERVICES), ("modality", MODALITIES)):
        for name in names:
            members = [item for item in requirements if getattr(item, label) == name]
            shown = sum(states[item.number] == SHOWN for item in members)
            filled = _BAR * shown // len(members) if members else 0
            bar = "█" * filled + "░" * (_BAR - filled)
            yield f"  {name:<13}{bar} {shown:>3} of {len(members)}"
        yield ""
    yield (
        f"\x1b[1m{counts[SHOWN]} of {len(requirements)} requirements shown by passing tests\x1b[0m, "
        f"{counts[FAILING]} with a failing test, {counts[SKIPPED]} with a test that did not run, "
        f"{counts[OPEN]} without a test."
    )


def _plain(line: str) -> str:
    for code in ("0", "1", "2", "31", "32", "33"):
        line = line.replace(f"\x1b[{code}m", "")
    return line


def main() -> None:
    """Prints the report of the checkout in the working directory; colour on a terminal only."""
    root = Path.cwd()
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for line in report(read_register(root / REGISTER), read_run(root)):
        sys.stdout.write((line if colour else _plain(line)) + "\n")


if __name__ == "__main__":
    main()
