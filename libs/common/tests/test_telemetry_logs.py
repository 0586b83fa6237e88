"""Logs in one form, with what they are about, and without secrets."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from zerocarbon.common.identity.keys import new_key
from zerocarbon.common.telemetry.logs import bound, configure_logs
from zerocarbon.common.telemetry.redaction import HIDDEN, redacted
from zerocarbon.common.telemetry.tracing import continued, current_traceparent
from zerocarbon.common.testing.logs import plain_logs

TRACE = "0af7651916cd43dd8448eb211c80319c"
TRACEPARENT = f"00-{TRACE}-b7ad6b7169203331-01"


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logs(as_json=True, stream=stream)
    yield stream
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)
    plain_logs()


def lines(logs: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in logs.getvalue().splitlines()]


def test_our_lines_and_those_of_libraries_have_one_form(logs: io.StringIO) -> None:
    with bound(request_id="r1", event_id="e1"), continued("trial", TRACEPARENT):
        structlog.get_logger("ours").info("done", count=3)
        logging.getLogger("theirs").warning("late by %s", 7)
    logging.getLogger("theirs").info("chatter")
    ours, theirs = lines(logs)
    for line in (ours, theirs):
        assert (line["request_id"], line["event_id"], line["trace_id"]) == ("r1", "e1", TRACE)
        assert line["timestamp"].endswith("Z")
    assert (ours["event"], ours["level"], ours["count"]) == ("done", "info", 3)
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("late by 7", "warning", "theirs")


def test_what_was_bound_ends_with_its_work(logs: io.StringIO) -> None:
    with bound(request_id="r1"):
        pass
    structlog.get_logger().info("later")
    assert "request_id" not in lines(logs)[0]


def test_warnings_are_lines_as_well(logs: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("mind the gap", stacklevel=1)
    assert "mind the gap" in lines(logs)[0]["event"]


def test_no_secret_reaches_a_line_by_any_way(logs: io.StringIO) -> None:
    key = new_key()
    log = structlog.get_logger()
    log.info(f"caller sent Bearer {key}", password="p4ssw0rd", nested={"token": "t0ken", "ok": [key]})
    try:
        raise OSError(f"cannot reach postgresql://owner:p4ss:w@rd@db/zerocarbon with {key}")
    except OSError as error:
        log.error("lost", exc_info=error)
        logging.getLogger("driver").exception("lost too")
    err = logs.getvalue()
    for secret in (key, "p4ss", "t0ken", "w@rd"):
        assert secret not in err
    assert "Traceback" in err
    assert err.count(HIDDEN) >= 5


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://login.example/a:b?c=d@e", "https://login.example/a:b?c=d@e"),
        ("kafka:9092, kafka-2:9092", "kafka:9092, kafka-2:9092"),
        ("postgresql://u:pw@h:5432/d", f"postgresql://u:{HIDDEN}@h:5432/d"),
        ("host=h password='a b' user=u", f"host=h password={HIDDEN} user=u"),
        ("Authorization: Basic dXNlcjpwdw==", f"Authorization: Basic {HIDDEN}"),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln", HIDDEN),
    ],
)
def test_values_are_hidden_by_their_looks(text: str, kept: str) -> None:
    assert redacted(text) == kept


def test_a_trace_goes_on_and_an_unreadable_one_is_no_error() -> None:
    with continued("trial", TRACEPARENT):
        traceparent = current_traceparent()
        assert traceparent is not None
        assert traceparent.split("-")[1] == TRACE
    for odd in (None, "", "nonsense", "00-0-0-0", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"):
        with continued("trial", odd):
            assert TRACE not in (current_traceparent() or "")
    assert current_traceparent() is None
