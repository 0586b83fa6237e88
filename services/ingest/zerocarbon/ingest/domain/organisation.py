"""An organisation: who it is, its keys, and whom it lets in."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from zerocarbon.common.eventstore.decider import Decider
from zerocarbon.common.refusal import Conflict, NotFound, Refused, Violation
from zerocarbon.contracts.base import Event, instant_text
from zerocarbon.contracts.reference import (
    ApiKeyIssued,
    ApiKeyRevoked,
    GrantIssued,
    GrantRevoked,
    OrganisationRegistered,
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """What decides about an organisation's next step."""

    registered: OrganisationRegistered | None = None
    live_keys: frozenset[str] = field(default_factory=frozenset)
    live_grants: frozenset[str] = field(default_factory=frozenset)
    principals: frozenset[str] = field(default_factory=frozenset)


def evolve(state: Organisation, event: Event) -> Organisation:
    """The state after an event."""
    match event:
        case OrganisationRegistered():
            return replace(state, registered=event)
        case ApiKeyIssued():
            return replace(
                state,
                live_keys=state.live_keys | {event.api_key_id},
                principals=state.principals | {event.principal_id},
            )
        case ApiKeyRevoked():
            return replace(state, live_keys=state.live_keys - {event.api_key_id})
        case GrantIssued():
            return replace(state, live_grants=state.live_grants | {event.grant_id})
        case GrantRevoked():
            return replace(state, live_grants=state.live_grants - {event.grant_id})
    return state


decider: Decider[Organisation] = Decider(initial=Organisation, evolve=evolve)


def stream(organisation_id: str) -> str:
    """The name of an organisation's stream."""
    return f"organisation/{organisation_id}"


def register(state: Organisation, fact: OrganisationRegistered) -> list[Event]:
    """Registers an organisation; the same registration twice is one.

    Raises:
        Conflict: the id stands for another organisation.
    """
    if state.registered is None:
        return [fact]
    if state.registered == fact:
        return []
    raise Conflict("organisation-id", "this id was registered with other particulars")


def must_exist(state: Organisation, organisation_id: str) -> None:
    """Nothing can be done for an organisation that nobody registered."""
    if state.registered is None:
        raise NotFound("organisation", organisation_id)


def issue_key(
    state: Organisation, fact: ApiKeyIssued, *, new_principal: bool, asked_at: datetime
) -> list[Event]:
    """Issues a key to a principal of the organisation, or to a new one.

    `asked_at` is of the system clock, by which keys expire.

    Raises:
        Refused: the principal is not the organisation's own. With a key for somebody else's principal it
            would enter wherever that one was let in. Or the key would have expired before it was issued.
    """
    must_exist(state, fact.organisation_id)
    violations = []
    if not new_principal and fact.principal_id not in state.principals:
        violations.append(
            Violation(
                "own-principal",
                "the organisation has issued no key to this principal; leave it out, and one is made",
                "/principal_id",
            )
        )
    if fact.expires_at <= asked_at:
        message = f"{instant_text(fact.expires_at)} is past: a key expires after it was issued"
        violations.append(Violation("key-expiry", message, "/expires_at"))
    if violations:
        raise Refused(violations)
    return [fact]


def revoke_key(state: Organisation, fact: ApiKeyRevoked) -> list[Event]:
    """Ends a key."""
    if fact.api_key_id not in state.live_keys:
        raise NotFound("live API key", fact.api_key_id)
    return [fact]


def issue_grant(state: Organisation, fact: GrantIssued) -> list[Event]:
    """Lets somebody from outside act in one role until a moment (verifier, group, registry)."""
    must_exist(state, fact.organisation_id)
    return [fact]


def revoke_grant(state: Organisation, fact: GrantRevoked) -> list[Event]:
    """Ends a grant before its time."""
    if fact.grant_id not in state.live_grants:
        raise NotFound("live grant", fact.grant_id)
    return [fact]
