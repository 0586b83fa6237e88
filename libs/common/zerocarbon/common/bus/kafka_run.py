"""A run over messages as librdkafka gave them: nothing is unpacked before it is asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from zerocarbon.common.bus.cloudevent import attributes_of
from zerocarbon.common.bus.record import Record

_names: dict[bytes, str | None] = {}
"""Types as text. Few exist; what a stranger writes must not make it grow without bound."""
_MAX_NAMES = 10_000


class MessageRun:
    """Messages of one partition, in order, with their types read already."""

    def __init__(
        self, messages: Sequence[Any], types: Sequence[bytes | None], faults: Mapping[int, str]
    ) -> None:
        self.messages = messages
        self._types = types
        self._faults = faults
        self._values: list[bytes] | None = None

    def __len__(self) -> int:
        return len(self.messages)

    def values(self) -> Sequence[bytes]:
        if self._values is None:
            self._values = [message.value() or b"" for message in self.messages]
        return self._values

    def types(self) -> Sequence[str | None]:
        return [_names[kind] if kind in _names else _name(kind) for kind in self._types]

    def fault(self, index: int) -> str | None:
        return self._faults.get(index)

    def faulty(self) -> Sequence[int]:
        return sorted(self._faults)

    def record(self, index: int) -> Record:
        return record_of(self.messages[index])

    def part(self, start: int, stop: int) -> MessageRun:
        faults = {at - start: why for at, why in self._faults.items() if start <= at < stop}
        return MessageRun(self.messages[start:stop], self._types[start:stop], faults)

    def without(self, indices: Collection[int]) -> MessageRun:
        kept = [index for index in range(len(self.messages)) if index not in indices]
        faults = {at: self._faults[index] for at, index in enumerate(kept) if index in self._faults}
        return MessageRun([self.messages[at] for at in kept], [self._types[at] for at in kept], faults)


def joined(runs: Sequence[MessageRun]) -> MessageRun:
    """Consecutive runs of one partition as one."""
    if len(runs) == 1:
        return runs[0]
    messages: list[Any] = []
    types: list[bytes | None] = []
    faults: dict[int, str] = {}
    for run in runs:
        faults |= {len(messages) + at: why for at, why in run._faults.items()}
        messages += run.messages
        types += run._types
    return MessageRun(messages, types, faults)


def record_of(message: Any) -> Record:
    """A message, unpacked. A key that is not UTF-8 keeps its bytes as surrogates."""
    key = message.key()
    return Record(
        topic=message.topic(),
        partition=message.partition(),
        offset=message.offset(),
        key=key.decode(errors="surrogateescape") if key else "",
        attributes=attributes_of(message.headers()),
        value=message.value() or b"",
    )


def _name(kind: bytes | None) -> str | None:
    if kind is None:
        return None
    try:
        name: str | None = kind.decode()
    except UnicodeDecodeError:
        name = None
    if len(_names) < _MAX_NAMES:
        _names[kind] = name
    return name
