"""The plain processor: one handler for each type of event."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from zerocarbon.common.bus.record import Record, Run
from zerocarbon.common.consumer.processor import Prepared, Rejected
from zerocarbon.common.eventstore.upcast import UPCASTERS, UnknownEventType, decode
from zerocarbon.common.postgres.session import WorkerSession
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.registry import EVENTS

Handler = Callable[[WorkerSession, Any, Record], Awaitable[None]]
"""Handles one event in the batch's transaction. Raises `Unacceptable` to have its record parked."""

MAX_NAMED = 5
_VERSION = re.compile(r"(.+\.v)([0-9]{1,6})")


class Decoded(NamedTuple):
    """An event and the record that it came in."""

    event: Event
    record: Record


class EventHandlers:
    """Implements `Processor`: events go to their handlers one by one, in the order of the runs.

    Published types without a handler are passed over. Types that nobody published, and data that break
    their contract, are parked.
    """

    def __init__(self, handlers: Mapping[type[Event], Handler]) -> None:
        self._handlers = {event.TYPE: handler for event, handler in handlers.items()}

    def prepare(self, runs: Sequence[Run]) -> Prepared:
        """See `Processor.prepare`."""
        return decode_wanted(runs, self._handlers)

    async def flush(self, session: WorkerSession, work: list[Decoded]) -> None:
        """See `Processor.flush`."""
        for event, record in work:
            await self._handlers[event.TYPE](session, event, record)


def decode_wanted(runs: Sequence[Run], wanted: Mapping[str, object]) -> Prepared:
    """The events of the wanted types, decoded; `work` is a list of `Decoded`."""
    work: list[Decoded] = []
    rejected: list[Rejected] = []
    for number, run in enumerate(runs):
        for index, (kind, value) in enumerate(zip(run.types(), run.values(), strict=True)):
            if kind in EVENTS and kind not in wanted:
                continue
            try:
                event = decode(kind or "", value)
            except (ValueError, UnknownEventType) as error:
                rejected.append(Rejected(number, index, why_rejected(kind, error)))
                continue
            if event.TYPE in wanted:
                work.append(Decoded(event, run.record(index)))
    return Prepared(work, rejected)


def why_rejected(kind: str | None, error: Exception) -> str:
    """The reason to show for a record that could not be decoded; never the data themselves."""
    if isinstance(error, UnknownEventType):
        return _unknown(kind)
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_input=False, include_context=False)
        if found and found[0]["type"] == "json_invalid":
            return f"invalid JSON: {found[0]['msg']}"
        named = [f"/{'/'.join(map(str, item['loc']))}: {item['msg']}" for item in found[:MAX_NAMED]]
        return f"invalid fields: {'; '.join(named)}"
    return f"invalid JSON: {error}"


def _unknown(kind: str | None) -> str:
    if kind is None:
        return "unknown type: the record names none"
    version = _VERSION.fullmatch(kind)
    known = [EVENTS.keys(), UPCASTERS.keys()]
    if version and any(name.startswith(version[1]) for names in known for name in names):
        return f"future version: {kind}"
    return f"unknown type: {kind}"
