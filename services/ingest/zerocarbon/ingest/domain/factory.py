"""A factory with its register of sources and meters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel

from zerocarbon.common.eventstore.decider import Decider, Snapshots
from zerocarbon.common.refusal import Conflict, NotFound, Refused, Violation
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.reference import FactoryRegistered, MeterRegistered, SourceRegistered
from zerocarbon.proof import units
from zerocarbon.proof.facts import Source
from zerocarbon.proof.quantify.flows import BALANCE_OF, BALANCED
from zerocarbon.proof.quantify.source_faults import MASS_KINDS, source_faults

METER_INTERVALS = (60, 300, 600, 900, 1800, 3600)
"""Seconds. Finer than an hour or equal to it: coarser data are activity records, not a series."""

PHOTOVOLTAIC = frozenset({"photovoltaic-cell", "photovoltaic-module"})


@dataclass(frozen=True, slots=True)
class Factory:
    """A factory's register. Codes are unique within the factory."""

    registered: FactoryRegistered | None = None
    sources: Mapping[str, SourceRegistered] = field(default_factory=dict)
    meters: Mapping[str, MeterRegistered] = field(default_factory=dict)

    def source_of(self, source_id: str) -> SourceRegistered | None:
        """The source with an id."""
        return next((source for source in self.sources.values() if source.source_id == source_id), None)


def evolve(state: Factory, event: Event) -> Factory:
    """The state after an event."""
    match event:
        case FactoryRegistered():
            return replace(state, registered=event)
        case SourceRegistered():
            return replace(state, sources={**state.sources, event.code: event})
        case MeterRegistered():
            return replace(state, meters={**state.meters, event.code: event})
    return state


class _KeptRegister(BaseModel):
    """A register as a snapshot holds it; each entry carries its own code."""

    registered: FactoryRegistered | None = None
    sources: list[SourceRegistered]
    meters: list[MeterRegistered]


def encode(state: Factory) -> bytes:
    """The register for a snapshot."""
    kept = _KeptRegister(
        registered=state.registered, sources=list(state.sources.values()), meters=list(state.meters.values())
    )
    return kept.model_dump_json(exclude_none=True).encode()


def decode(data: bytes) -> Factory:
    """The register out of a snapshot."""
    kept = _KeptRegister.model_validate_json(data)
    return Factory(
        kept.registered,
        {source.code: source for source in kept.sources},
        {meter.code: meter for meter in kept.meters},
    )


decider: Decider[Factory] = Decider(
    initial=Factory,
    evolve=evolve,
    # Every batch of readings loads the register, and a plant has hundreds of meters.
    snapshots=Snapshots(fold="1", encode=encode, decode=decode, every=100),
)


def stream(factory_id: str) -> str:
    """The name of a factory's stream."""
    return f"factory/{factory_id}"


def register(state: Factory, fact: FactoryRegistered) -> list[Event]:
    """Registers a factory.

    Raises:
        Refused: the time zone is unknown.
        Conflict: the id stands for another factory.
    """
    if state.registered is not None:
        if state.registered == fact:
            return []
        raise Conflict("factory-id", "this id was registered with other particulars")
    if fact.time_zone not in available_timezones():
        raise Refused([Violation("time-zone", f"{fact.time_zone!r} is no IANA time zone", "/time_zone")])
    return [fact]


def warnings(fact: FactoryRegistered) -> list[str]:
    """What a statement about this factory will have to carry (R5, R44)."""
    if PHOTOVOLTAIC & set(fact.products):
        return []
    return ["The guide was written for makers of photovoltaic cells and modules; this factory makes neither."]


def register_source(state: Factory, fact: SourceRegistered) -> list[Event]:
    """Adds an emission source or flow.

    Raises:
        NotFound: the factory is not registered.
        Refused: unit not accepted, or no mass where the kind counts one; scope 3 category missing or out of
            place; roof owner not stated; an attribute that the kind cannot be quantified with; a term of a
            balance without the source to which it belongs.
        Conflict: the code stands for another source.
    """
    _registered(state, fact.factory_id)
    if fact.code in state.sources:
        return _same_or_conflict(state.sources[fact.code], fact, ("source_id",), "source", fact.code)
    violations = [*_unit(fact), *_said(fact), *_attributes(fact), *_balanced(state, fact)]
    if violations:
        raise Refused(violations)
    return [fact]


def _unit(fact: SourceRegistered) -> Iterator[Violation]:
    if fact.unit not in units.ACCEPTED:
        accepted = ", ".join(units.ACCEPTED)
        yield Violation("unit", f"unit {fact.unit!r} is not one of {accepted}", "/unit")
    elif fact.kind in MASS_KINDS and not units.same_dimension(fact.unit, "kg"):
        yield Violation("unit-dimension", f"unit {fact.unit!r} does not measure a mass", "/unit")


def _said(fact: SourceRegistered) -> Iterator[Violation]:
    """What a source has to state, or may not."""
    if (fact.kind == "scope3") != (fact.scope3_category is not None):
        yield Violation("R16", "a scope 3 source names its category, others have none", "/scope3_category")
    if fact.kind == "electricity-generation":
        for attribute in ("roof_owner", "attributes_sold"):
            if attribute not in fact.attributes:
                yield Violation("R105", f"generation has to state {attribute!r}", f"/attributes/{attribute}")


def _attributes(fact: SourceRegistered) -> list[Violation]:
    """What quantification would refuse about the attributes, said when the source is registered."""
    source = Source(fact.code, fact.kind, fact.substance, fact.unit, fact.scope3_category, fact.attributes)
    return [
        Violation(fault.rule, str(fault), f"/attributes/{_escaped(fault.attribute)}")
        for fault in source_faults(source)
    ]


def _escaped(name: str) -> str:
    """A name as a token of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _balanced(state: Factory, fact: SourceRegistered) -> list[Violation]:
    """A term of a balance comes after the source to which it belongs."""
    kind, named = BALANCED.get(fact.kind), fact.attributes.get(BALANCE_OF)
    if kind is None or not named:
        return []
    owner = state.sources.get(named)
    if owner is not None and owner.kind == kind and not owner.attributes.get(BALANCE_OF):
        return []
    message = f"there is no {kind} source {named!r} that stands for itself"
    return [Violation("rules 4", message, f"/attributes/{BALANCE_OF}")]


def register_meter(state: Factory, fact: MeterRegistered) -> list[Event]:
    """Adds a meter of a source.

    Raises:
        NotFound: factory or source is not registered.
        Refused: interval not supported, unit of another dimension than the source's.
        Conflict: the code stands for another meter.
    """
    _registered(state, fact.factory_id)
    if fact.code in state.meters:
        return _same_or_conflict(state.meters[fact.code], fact, ("meter_id",), "meter", fact.code)
    source = state.source_of(fact.source_id)
    if source is None:
        raise NotFound("source", fact.source_id)
    violations = []
    if fact.interval_seconds not in METER_INTERVALS:
        accepted = ", ".join(map(str, METER_INTERVALS))
        violations.append(
            Violation("interval", f"an interval is one of {accepted} seconds", "/interval_seconds")
        )
    if fact.unit not in units.ACCEPTED or not units.same_dimension(fact.unit, source.unit):
        violations.append(
            Violation("unit-dimension", f"unit {fact.unit!r} does not measure {source.unit!r}", "/unit")
        )
    if violations:
        raise Refused(violations)
    return [fact]


def zone_of(state: Factory, factory_id: str) -> ZoneInfo:
    """The factory's time zone; fixed from its registration on."""
    return ZoneInfo(_registered(state, factory_id).time_zone)


def _registered(state: Factory, factory_id: str) -> FactoryRegistered:
    if state.registered is None:
        raise NotFound("factory", factory_id)
    return state.registered


def _same_or_conflict(
    known: Event, asked: Event, identity: tuple[str, ...], noun: str, code: str
) -> list[Event]:
    if known.model_dump(exclude=set(identity)) == asked.model_dump(exclude=set(identity)):
        return []
    raise Conflict(f"{noun}-code", f"the code {code!r} stands for another {noun} of this factory")
