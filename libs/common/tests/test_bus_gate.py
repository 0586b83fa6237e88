"""The sequence gate of the Kafka bus, record by record, without a broker."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zerocarbon.common.bus.cloudevent import attributes_of, headers_of
from zerocarbon.common.bus.kafka_cursor import PartitionCursor, decode_position, encode_position
from zerocarbon.common.bus.port import GapDetected, TopicPartition

AT = TopicPartition("zerocarbon.alert.v1", 2)
FIRST, RESTORED = "/zerocarbon/trial/first", "/zerocarbon/trial/restored"


class Message:
    """As much of a `confluent_kafka.Message` as the cursor looks at."""

    def __init__(self, offset: int, headers: Sequence[tuple[str, bytes | None]] | None) -> None:
        self._offset = offset
        self._headers = headers

    def offset(self) -> int:
        return self._offset

    def headers(self) -> Sequence[tuple[str, bytes | None]] | None:
        return self._headers

    def value(self) -> bytes:
        return b"%d" % self._offset


def numbered(offset: int, number: int, source: str = FIRST) -> Message:
    attributes = {"sequence": str(number), "source": source, "type": "t.v1", "id": f"e{number}"}
    return Message(offset, headers_of(attributes))


def taken(cursor: PartitionCursor, *messages: Message) -> list[bytes]:
    part = cursor.take(messages)
    return list(part.run.values()) if part is not None else []


def test_next_numbers_pass_and_repeats_are_dropped() -> None:
    cursor = PartitionCursor(AT, None, gated=True)
    sent = [numbered(0, 1), numbered(1, 2), numbered(2, 1), numbered(3, 2), numbered(4, 3)]
    assert taken(cursor, *sent) == [b"0", b"1", b"4"]
    assert cursor.offset == 5
    assert cursor.halted is None


def test_a_batch_of_repeats_moves_the_position_only() -> None:
    cursor = PartitionCursor(AT, None, gated=True)
    first = cursor.take([numbered(0, 1), numbered(1, 2)])
    repeats = cursor.take([numbered(2, 1), numbered(3, 2)])
    assert first is not None
    assert repeats is not None
    assert len(repeats.run) == 0
    assert repeats.base == first.after != repeats.after


def test_a_gap_halts_behind_what_came_before_it() -> None:
    cursor = PartitionCursor(AT, None, gated=True)
    assert taken(cursor, numbered(0, 1), numbered(1, 3), numbered(2, 4)) == [b"0"]
    assert isinstance(cursor.halted, GapDetected)
    assert "sent number 3, expected was 2" in str(cursor.halted)
    assert cursor.offset == 1
    assert taken(cursor, numbered(1, 2)) == []


def test_a_position_restores_the_gate() -> None:
    before = PartitionCursor(AT, None, gated=True)
    part = before.take([numbered(0, 1), numbered(1, 2)])
    assert part is not None
    after = PartitionCursor(AT, part.after, gated=True)
    assert taken(after, numbered(1, 2), numbered(2, 2), numbered(3, 3)) == [b"3"]


def test_a_restored_store_is_a_source_of_its_own() -> None:
    cursor = PartitionCursor(AT, None, gated=True)
    assert taken(cursor, numbered(0, 1), numbered(1, 1, RESTORED), numbered(2, 2, RESTORED)) == [
        b"0",
        b"1",
        b"2",
    ]
    assert taken(cursor, numbered(3, 2)) == [b"3"]


def test_a_new_source_begins_at_one() -> None:
    cursor = PartitionCursor(AT, None, gated=True)
    assert taken(cursor, numbered(0, 2)) == []
    assert isinstance(cursor.halted, GapDetected)


@pytest.mark.parametrize(
    "headers",
    [
        None,
        [],
        [("ce_type", b"t.v1")],
        [("ce_sequence", b"one"), ("ce_source", b"/s"), ("ce_type", b"t.v1")],
        [("ce_sequence", b"-1"), ("ce_source", b"/s"), ("ce_type", b"t.v1")],
        [("ce_sequence", b"1" * 19), ("ce_source", b"/s"), ("ce_type", b"t.v1")],
        [("ce_sequence", None), ("ce_source", b"/s"), ("ce_type", b"t.v1")],
        [("ce_sequence", b"1"), ("ce_source", b""), ("ce_type", b"t.v1")],
        [("ce_sequence", "٣".encode()), ("ce_source", b"/s"), ("ce_type", b"t.v1")],
        [("ce_sequence", b"\xff"), ("ce_source", b"\xff"), ("ce_type", b"\xff")],
    ],
)
def test_a_record_that_no_relay_wrote_is_faulty_and_stops_nothing(
    headers: list[tuple[str, bytes | None]] | None,
) -> None:
    cursor = PartitionCursor(AT, None, gated=True)
    part = cursor.take([numbered(0, 1), Message(1, headers), numbered(2, 2)])
    assert part is not None
    assert list(part.run.faulty()) == [1]
    assert "no sequence number" in (part.run.fault(1) or "")
    assert list(part.run.without([1]).values()) == [b"0", b"2"]
    assert list(part.run.part(1, 3).faulty()) == [0]
    assert cursor.halted is None


def test_headers_in_any_order_are_understood() -> None:
    cursor = PartitionCursor(AT, None, gated=True)
    message = numbered(0, 1)
    headers = list(reversed(message.headers() or []))
    part = cursor.take([Message(0, headers), numbered(1, 2)])
    assert part is not None
    assert list(part.run.faulty()) == []
    assert list(part.run.types()) == ["t.v1", "t.v1"]


def test_an_ungated_topic_takes_what_comes() -> None:
    cursor = PartitionCursor(AT, None, gated=False)
    assert taken(cursor, numbered(0, 9), Message(4, None), numbered(7, 9)) == [b"0", b"4", b"7"]
    assert cursor.offset == 8


def test_a_bound_is_reached_exactly() -> None:
    until = encode_position(2, {FIRST.encode(): 3})
    cursor = PartitionCursor(AT, None, gated=True, until=until)
    part = cursor.take([numbered(0, 1), numbered(1, 2), numbered(2, 3)])
    assert part is not None
    assert part.after == until
    assert cursor.reached


@given(st.integers(0, 2**62), st.dictionaries(st.binary(min_size=1, max_size=20), st.integers(1, 2**62)))
def test_positions_are_read_back(offset: int, numbers: dict[bytes, int]) -> None:
    assert decode_position(encode_position(offset, numbers)) == (offset, numbers)


crashes = st.lists(st.tuples(st.integers(1, 6), st.integers(0, 8)), max_size=8)
"""How many events more were sent before a crash, and how many of all sent were not saved as sent."""


@given(crashes, st.lists(st.tuples(st.integers(1, 7), st.booleans()), max_size=20))
def test_however_often_a_relay_crashes_every_event_passes_once(
    sends: list[tuple[int, int]], batches: list[tuple[int, bool]]
) -> None:
    """A relay that crashes sends again from what it had saved, which is any point before what it had sent."""
    log, saved = [], 0
    for more, unsaved in sends:
        log += range(saved + 1, saved + more + 1)
        saved = max(0, saved + more - unsaved)
    log += range(saved + 1, saved + 9)
    cursor = PartitionCursor(AT, None, gated=True)
    passed: list[bytes] = []
    messages = [numbered(offset, number) for offset, number in enumerate(log)]
    for size, restarts in [*batches, (len(messages), False)]:
        part = cursor.take(messages[:size])
        passed += [headers["id"].encode() for headers in _attributes(part, messages[:size])]
        messages = messages[size:]
        if part is not None and restarts:
            cursor = PartitionCursor(AT, part.after, gated=True)
    assert cursor.halted is None
    assert passed == [b"e%d" % number for number in range(1, max(log) + 1)]


def _attributes(part: object, messages: Sequence[Message]) -> list[dict[str, str]]:
    if part is None:
        return []
    by_offset = {b"%d" % message.offset(): message for message in messages}
    return [attributes_of(by_offset[value].headers()) for value in part.run.values()]  # type: ignore[attr-defined]
