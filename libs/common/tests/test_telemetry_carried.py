"""The trace of an event is the trace of what follows from it."""

from __future__ import annotations

from typing import Any

import structlog

from zerocarbon.common.bus.record import Record, RecordRun
from zerocarbon.common.consumer.reactor import Reaction, Reactor
from zerocarbon.common.telemetry.tracing import current_traceparent
from zerocarbon.common.testing.trial import Fact, alert
from zerocarbon.contracts.alert import AlertRaised

TRACE = "0af7651916cd43dd8448eb211c80319c"
EVENT_ID = "0190a000-0000-7000-8000-00000000000e"


async def test_a_reaction_goes_on_with_the_trace_and_names_its_event() -> None:
    seen: list[tuple[str | None, dict[str, Any]]] = []

    async def act(_event: AlertRaised, _record: Record, _key: str) -> None:
        seen.append((current_traceparent(), structlog.contextvars.get_contextvars()))

    attributes = {
        "id": EVENT_ID,
        "type": AlertRaised.TYPE,
        "traceparent": f"00-{TRACE}-b7ad6b7169203331-01",
    }
    traced = Record(AlertRaised.TOPIC, 0, 1, "k", attributes, alert(Fact("s", 1)).data())
    plain = Record(AlertRaised.TOPIC, 0, 2, "k", {**attributes, "traceparent": "?"}, traced.value)
    reactor = Reactor({AlertRaised: [Reaction("remind", act)]})
    prepared = reactor.prepare([RecordRun([traced, plain])])
    assert await reactor.perform(prepared.work) == []
    (first, bound), (second, _) = seen
    assert first is not None
    assert first.split("-")[1] == TRACE
    assert (bound["event_id"], bound["reaction"]) == (EVENT_ID, "remind")
    assert TRACE not in (second or "")
    assert current_traceparent() is None
