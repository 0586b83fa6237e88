"""The plugin that records which requirements the tests show."""

from __future__ import annotations

from pathlib import Path

import pytest

from zerocarbon.common.testing import requirement_report
from zerocarbon.common.testing.requirement_register import REGISTER, Requirement, read_register
from zerocarbon.common.testing.requirements import Run, TestRecord, read_run

pytest_plugins = ["pytester"]

SOURCE = """
import pytest

@pytest.mark.requirement("R1")
@pytest.mark.parametrize("case", [1, 2])
def test_passes(case):
    pass

@pytest.mark.requirement("R1", "R2")
def test_fails():
    raise AssertionError

@pytest.fixture
def broken():
    yield
    raise RuntimeError

@pytest.mark.requirement("R3")
def test_tears_down_badly(broken):
    pass

def test_unmarked():
    pass
"""


INI = """
[pytest]
testpaths = tests
markers = requirement(*numbers): shown
asyncio_default_fixture_loop_scope = function
"""


def checkout(pytester: pytest.Pytester, source: str) -> Path:
    rows = [f"R{number},1,shall,ingest,Title {number}" for number in range(1, 5)]
    (pytester.path / "docs").mkdir()
    (pytester.path / REGISTER).write_text("\n".join(["number,chapter,modality,service,title", *rows]) + "\n")
    pytester.makeini(INI)
    tests = pytester.mkdir("tests")
    (tests / "test_sample.py").write_text(source)
    return pytester.path


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """In this process, unless workers take part: they would inherit its state."""
    start = pytester.runpytest_subprocess if "-n" in arguments else pytester.runpytest_inprocess
    return start("-p", "zerocarbon.common.testing.requirements", *arguments)


@pytest.mark.parametrize("workers", [(), ("-n", "2")], ids=["one process", "two workers"])
def test_a_full_run_records_every_marked_test(pytester: pytest.Pytester, workers: tuple[str, ...]) -> None:
    root = checkout(pytester, SOURCE)
    run(pytester, *workers)
    found = read_run(root)
    assert found is not None
    assert found.full
    assert found.records == (
        TestRecord("tests/test_sample.py::test_fails", ("R1", "R2"), "failed"),
        TestRecord("tests/test_sample.py::test_passes[1]", ("R1",), "passed"),
        TestRecord("tests/test_sample.py::test_passes[2]", ("R1",), "passed"),
        TestRecord("tests/test_sample.py::test_tears_down_badly", ("R3",), "failed"),
    )


def test_a_narrow_run_replaces_only_what_it_ran(pytester: pytest.Pytester) -> None:
    root = checkout(pytester, SOURCE)
    run(pytester)
    sample = root / "tests" / "test_sample.py"
    sample.write_text(SOURCE.replace("raise AssertionError", "pass"))
    run(pytester, "tests/test_sample.py::test_fails")
    found = read_run(root)
    assert found is not None
    assert not found.full
    outcomes = {record.test.rpartition("::")[2]: record.outcome for record in found.records}
    assert outcomes["test_fails"] == "passed"
    assert outcomes["test_tears_down_badly"] == "failed"
    assert len(outcomes) == 4


@pytest.mark.parametrize(("mark", "workers"), [('"R5"', ()), ('"r1"', ()), ("", ()), ('"R5"', ("-n", "1"))])
def test_an_unknown_number_fails_the_collection(
    pytester: pytest.Pytester, mark: str, workers: tuple[str, ...]
) -> None:
    source = f"import pytest\n\n@pytest.mark.requirement({mark})\ndef test_it():\n    pass\n"
    root = checkout(pytester, source)
    result = run(pytester, *workers)
    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        ["*ERROR collecting*test_sample.py*", "*not in docs/requirements.csv*test_it*"]
    )
    found = read_run(root)
    assert found is None or not found.full


def test_a_missing_register_stops_the_run(pytester: pytest.Pytester) -> None:
    pytester.makeini(INI)
    result = run(pytester)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*docs/requirements.csv*"])


def test_the_register_of_this_project_is_complete() -> None:
    root = next(folder for folder in Path(__file__).parents if (folder / REGISTER).exists())
    found = read_register(root / REGISTER)
    assert [item.number for item in found] == [f"R{number}" for number in range(1, 218)]
    modalities = [item.modality for item in found]
    assert {name: modalities.count(name) for name in ("shall", "should", "may", "fact")} == {
        "shall": 118,
        "should": 28,
        "may": 23,
        "fact": 48,
    }
    assert len({item.title for item in found}) == 217


def test_the_report_counts_a_requirement_once_all_its_tests_pass() -> None:
    register = [
        Requirement(f"R{number}", "5.3", "shall", "accounting", f"T{number}") for number in (1, 2, 3, 4)
    ]
    ended = Run(
        ended_at="2025-07-01T08:00:00Z",
        full=True,
        records=(
            TestRecord("a.py::test_one[x]", ("R1",), "passed"),
            TestRecord("a.py::test_one[y]", ("R1", "R2"), "passed"),
            TestRecord("a.py::test_two", ("R2",), "failed"),
            TestRecord("a.py::test_three", ("R3",), "skipped"),
        ),
    )
    lines = list(requirement_report.report(register, ended))
    assert "1 of 4 requirements shown by passing tests" in lines[-1]
    assert "1 with a failing test, 1 with a test that did not run, 1 without a test." in lines[-1]
    assert any("a.py::test_one (2 cases)" in line for line in lines)
