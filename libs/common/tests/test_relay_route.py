"""Which events leave the installation, and where to: the route and the published document agree."""

from __future__ import annotations

import pytest

from zerocarbon.common.eventstore.event import StoredEvent
from zerocarbon.common.relay.route import EgressRoute, InternalRoute
from zerocarbon.common.testing.trial import NOW, ORGANISATION
from zerocarbon.contracts.asyncapi import asyncapi_document
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.channels import NEVER_OUT, PARTITIONS
from zerocarbon.contracts.registry import EVENTS

OUT = {
    name: channel
    for name, channel in asyncapi_document()["channels"].items()
    if channel["address"].startswith("zerocarbon.out.")
}
"""The channels of organisations' own tools, as the document has them."""


def stored(event: type[Event], organisation_id: str | None = ORGANISATION) -> StoredEvent:
    return StoredEvent(
        1, 1, 1, "s", 1, "e", event.TYPE, event.TOPIC, "k", "s", organisation_id, NOW, None, b"{}"
    )


@pytest.mark.parametrize("event", EVENTS.values(), ids=list(EVENTS))
def test_the_route_sends_out_what_the_document_lists(event: type[Event]) -> None:
    documented = {
        channel["address"].replace("{organisation}", ORGANISATION)
        for channel in OUT.values()
        if event.TYPE in channel["messages"]
    }
    went = EgressRoute().topic(stored(event))
    assert ({went} if went else set()) == documented
    assert EgressRoute().topic(stored(event, None)) is None
    assert InternalRoute().topic(stored(event)) == event.TOPIC


@pytest.mark.parametrize("name", sorted(NEVER_OUT))
def test_events_about_access_never_leave(name: str) -> None:
    assert EgressRoute().topic(stored(EVENTS[name])) is None


def test_a_type_that_nobody_listed_stays_inside() -> None:
    (known, *_) = [event for event in EVENTS.values() if EgressRoute().topic(stored(event))]
    unknown = stored(known)._replace(type="zerocarbon.reference.secret-shared.v1")
    assert EgressRoute().topic(unknown) is None
    elsewhere = stored(known)._replace(topic="zerocarbon.registry-inbound.v1")
    assert EgressRoute().topic(elsewhere) is None


def test_an_organisations_topics_have_one_partition() -> None:
    assert OUT
    assert {channel["bindings"]["kafka"]["partitions"] for channel in OUT.values()} == {1}
    inside = asyncapi_document()["channels"]["reference"]
    assert inside["bindings"]["kafka"]["partitions"] == PARTITIONS
