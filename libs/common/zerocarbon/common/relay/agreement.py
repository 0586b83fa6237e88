"""Holds the log against the store: the numbers that readers have must be the events that the store has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from zerocarbon.common.bus.cloudevent import SEQUENCE
from zerocarbon.common.bus.port import TopicPartition
from zerocarbon.common.relay.log_tail import Sent
from zerocarbon.common.relay.numbering import FIRST_NUMBER, ID, Outgoing
from zerocarbon.common.relay.restored import StoreRestored
from zerocarbon.common.relay.state import Mark


class Agreement:
    """Compares the last that the log holds of a source with what its relay knows and is about to send.

    The log may be ahead, because a relay died between sending and saving. Then the events that come next in
    the store have to be those that the log has under their numbers. That one event stands under the highest
    number is enough: what a restored store has kept of the events before it is a part of what was published,
    in the same order, so one that was missing would have moved all later numbers.
    """

    def __init__(
        self,
        relay: str,
        marks: Mapping[TopicPartition, Mark],
        sent: Mapping[TopicPartition, Sent],
        ungated: Collection[str] = (),
    ) -> None:
        """`ungated` topics may have lost records: by compaction, and nobody counts them.

        Raises:
            StoreRestored: they differ already in what the relay knows.
        """
        self._relay = relay
        self._ahead: dict[TopicPartition, Sent] = {}
        for at, last in sent.items():
            mark = marks.get(at)
            published = mark.next_number - 1 if mark is not None else FIRST_NUMBER - 1
            if last.number > published:
                self._ahead[at] = last
            elif mark is not None and last.number == published and last.event_id != mark.last_id:
                raise StoreRestored.log_differs(relay, at, last, mark.last_id)
            elif last.number < published and at.topic not in ungated:
                raise StoreRestored.log_lacks(relay, at, last, published)

    @property
    def ahead(self) -> bool:
        """Whether the log holds more than was compared so far."""
        return bool(self._ahead)

    def compare(self, records: Iterable[Outgoing]) -> None:
        """Takes what would be sent next.

        Raises:
            StoreRestored: the log has another event under one of these numbers.
        """
        for record in records:
            last = self._ahead.get(record.partition)
            if last is None:
                continue
            headers = dict(record.headers)
            if int(headers[SEQUENCE]) == last.number:
                event_id = headers[ID].decode()
                if event_id != last.event_id:
                    raise StoreRestored.log_differs(self._relay, record.partition, last, event_id)
                del self._ahead[record.partition]

    def exhausted(self) -> StoreRestored:
        """What to raise when the store has no more events and the log is still ahead."""
        at, last = min(self._ahead.items())
        return StoreRestored.log_differs(self._relay, at, last, None)
