"""The fast decoder and the published contract accept alike, and read the same values."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from zerocarbon.accounting.consumers.activity_sums import READINGS, ActivityFold, Folded
from zerocarbon.accounting.domain.activity import Unfoldable, judged
from zerocarbon.accounting.testing import plant
from zerocarbon.contracts.activity import ReadingsRecorded
from zerocarbon.proof.fold import Sums
from zerocarbon.proof.period import HOUR

VALID: dict[str, Any] = json.loads(plant.readings("grid", 0, 3).data())

NUMBERS = st.sampled_from(
    [
        "0",
        "-0",
        "1.50",
        "00",
        "01",
        "+1",
        "1e3",
        "1_0",
        " 1",
        "1 ",
        "NaN",
        "Infinity",
        ".5",
        "5.",
        "",
        "１",
        "1\n2",
    ]
) | st.decimals(allow_nan=False, allow_infinity=False).map(str)
INSTANTS = st.sampled_from(
    [
        "2024-01-01T00:00:00Z",
        "2024-01-01T00:00:00z",
        "2024-01-01 00:00:00Z",
        "2024-01-01T00:00:00+08:00",
        "2024-01-01T00:00:00",
        "2024-01-01T00:00:00.000Z",
        "2024-01-01T00:00:00.5Z",
        "2024-01-01T00:00:00.9999999Z",
        "2024-02-30T00:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T23:59:60Z",
        "2024-W01-1T00:00:00Z",
        "2024-01-01",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "1704067200",
        1704067200,
        1704067200.5,
        None,
    ]
)
IDS = st.sampled_from(
    [plant.FACTORY, plant.FACTORY.upper(), plant.FACTORY.replace("-", ""), f"{plant.FACTORY}\n", "", None, 7]
)
ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.lists(st.text(max_size=3), max_size=3)
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "factory_id": IDS,
    "source_id": IDS,
    "meter_id": IDS,
    "recorded_at": INSTANTS,
    "start": INSTANTS,
    "unit": st.sampled_from(["kWh", "MWh", " kWh", "kWh ", "furlong", "", "\\N", "k\tWh"]),
    "interval_seconds": st.sampled_from([900, 0, -1, 1, 86400, 10**12, "900", 900.0, 900.5, True, None]),
    "values": st.lists(NUMBERS | st.integers() | st.floats(), max_size=4),
    "origin": st.sampled_from(["automatic", "manual", "substituted", "estimated", "guessed", None]),
    "added_later": ANYTHING,
}


@st.composite
def events(draw: st.DrawFn) -> bytes:
    event = dict(VALID)
    for name in draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=3, unique=True)):
        change = draw(st.sampled_from(["field", "anything", "absent"]))
        if change == "absent":
            event.pop(name, None)
        else:
            event[name] = draw(FIELDS[name] if change == "field" else ANYTHING)
    return json.dumps(event, ensure_ascii=draw(st.booleans())).encode()


def by_contract(value: bytes) -> tuple[str, Sums]:
    """Whether the event is taken, and what it comes to, by the contract alone."""
    try:
        row = judged(READINGS, value)
    except Unfoldable:
        return "refused", Sums()
    sums = Sums()
    sums.add_series([row.series(HOUR)])
    return "taken", sums


def by_fold(*values: bytes) -> Folded:
    fold, folded = ActivityFold(), Folded()
    fold.buckets = {plant.FACTORY: HOUR}
    fold.fold([READINGS] * len(values), list(values), folded)
    return folded


@settings(max_examples=250, deadline=None)
@given(events())
@example(json.dumps(VALID).encode())
@example(b'{"values":["1"],"values":["x"]}')
@example(plant.readings("grid", 0, 3).data() + b" ")
@example(plant.readings("grid", 0, 3).data().replace(b'"100.125"', b'"100.125\\n3"'))
@example(plant.readings("grid", 0, 3).data().replace(b"kWh", b"\xff"))
def test_both_accept_alike_with_the_same_values(value: bytes) -> None:
    verdict, sums = by_contract(value)
    folded = by_fold(value)
    assert ("refused" if folded.refused else "taken") == verdict
    # A factory under another notation of its id is unknown, and keeps quarter-hours until it is read.
    if not folded.unknown:
        assert dict(folded.sums.unordered()) == dict(sums.unordered())


@settings(max_examples=60, deadline=None)
@given(st.lists(events(), min_size=1, max_size=40))
def test_a_bad_event_harms_no_other_in_its_chunk(values: list[bytes]) -> None:
    good = plant.readings("grid", 96, 96).data()
    folded = by_fold(*values, good)
    refused = {index for index, _ in folded.refused}
    assert refused == {index for index, value in enumerate(values) if by_contract(value)[0] == "refused"}


def test_the_contract_gives_the_values_that_the_fast_path_gives() -> None:
    event = plant.readings("grid", 0, 96)
    taken = by_fold(event.data())
    assert not taken.refused
    assert sum(quantity for _, quantity in taken.sums.unordered()) == sum(event.values, Decimal(0))
    assert isinstance(event, ReadingsRecorded)
