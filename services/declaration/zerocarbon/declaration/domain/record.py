"""What a factory has declared so far: the state that every decision starts from.

One stream per factory: a factory declares a few dozen facts a year, and each decision looks at most of them,
so that two requests at the same moment meet in the stream's version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from zerocarbon.contracts.base import Event, Period
from zerocarbon.contracts.declaration import (
    ClaimOpened,
    CommitmentMade,
    MeasureDone,
    OpinionSigned,
    PlanApproved,
    PlannedMeasure,
    PolicySet,
    RetirementRequested,
    StatementIssued,
    StatementRefused,
    StatementSuspended,
)
from zerocarbon.proof.gates.claim import Policy


def stream_of(factory_id: str) -> str:
    """The stream of a factory's declarations."""
    return f"declarations/{factory_id}"


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement under one standard, over all its versions; the last one counts."""

    versions: tuple[StatementIssued, ...]
    suspended: StatementSuspended | None = None

    @property
    def current(self) -> StatementIssued:
        """The newest version."""
        return self.versions[-1]

    @property
    def stands(self) -> bool:
        """Whether the newest version was not suspended."""
        return self.suspended is None


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim about (factory, boundary, period), as last bound, with all the retirements it asked for."""

    opened: ClaimOpened
    requests: tuple[RetirementRequested, ...] = ()
    refusals: tuple[StatementRefused, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """All declarations of one factory, by id, in the order in which they were made. `issued` are all
    versions of all statements, in the order of their issue."""

    commitments: Mapping[str, CommitmentMade] = field(default_factory=dict)
    plans: Mapping[str, PlanApproved] = field(default_factory=dict)
    opinions: Mapping[str, OpinionSigned] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)
    statements: Mapping[str, Statement] = field(default_factory=dict)
    issued: tuple[StatementIssued, ...] = ()
    policy: Policy = field(default_factory=Policy)

    def plan(self) -> PlanApproved | None:
        """The plan in force: the last one approved."""
        return next(reversed(list(self.plans.values())), None)

    def commitment_for(self, period: Period) -> CommitmentMade | None:
        """The last commitment for a period or for the one that follows it; else the last that reaches
        beyond its start, which a gate will refuse."""
        fitting = [one for one in self.commitments.values() if one.period.start in (period.start, period.end)]
        reaching = [one for one in self.commitments.values() if one.period.end > period.start]
        found = fitting or reaching
        return found[-1] if found else None

    def opinions_on(self, inventory_sha256: str) -> tuple[OpinionSigned, ...]:
        """The opinions on one exact inventory, in order; the last one counts."""
        return tuple(one for one in self.opinions.values() if one.inventory_sha256 == inventory_sha256)

    def statements_of(self, claim_id: str) -> tuple[Statement, ...]:
        """The statements that stand on one claim."""
        return tuple(one for one in self.statements.values() if one.current.claim_id == claim_id)

    def last_issued(self, claim_id: str) -> StatementIssued | None:
        """The version that was issued last on a claim, under whatever standard, standing or not."""
        of_claim = [one for one in self.issued if one.claim_id == claim_id]
        return of_claim[-1] if of_claim else None

    def declared_before(self, period: Period) -> bool:
        """Whether a statement was ever issued for an earlier period of this factory."""
        return any(one.current.valid.start < period.start for one in self.statements.values())


def initial() -> Record:
    """Nothing declared yet."""
    return Record()


def evolve(record: Record, event: Event) -> Record:
    """The record after one event. An event of another noun changes nothing."""
    match event:
        case CommitmentMade():
            return replace(record, commitments={**record.commitments, event.commitment_id: event})
        case PlanApproved():
            return replace(record, plans={**record.plans, event.plan_id: event})
        case PolicySet():
            return replace(record, policy=Policy(event.withdrawn_standards_refused))
        case MeasureDone():
            return _measure_done(record, event)
        case OpinionSigned():
            return replace(record, opinions={**record.opinions, event.opinion_id: event})
        case ClaimOpened():
            return _with_claim(record, _bound(record.claims.get(event.claim_id), event))
        case RetirementRequested():
            claim = record.claims[event.claim_id]
            return _with_claim(record, replace(claim, requests=(*claim.requests, event)))
        case StatementRefused():
            claim = record.claims[event.claim_id]
            return _with_claim(record, replace(claim, refusals=(*claim.refusals, event)))
        case StatementIssued():
            return _issued(record, event)
        case StatementSuspended():
            statement = replace(record.statements[event.statement_id], suspended=event)
            return replace(record, statements={**record.statements, event.statement_id: statement})
    return record


def _measure_done(record: Record, event: MeasureDone) -> Record:
    plan = record.plans[event.plan_id]
    measures = [_achieved(one, event) if one.code == event.code else one for one in plan.measures]
    done = plan.model_copy(update={"measures": measures})
    return replace(record, plans={**record.plans, event.plan_id: done})


def _achieved(measure: PlannedMeasure, event: MeasureDone) -> PlannedMeasure:
    return measure.model_copy(update={"achieved_kg": event.achieved_kg, "done_on": event.done_on})


def _bound(claim: Claim | None, event: ClaimOpened) -> Claim:
    return Claim(event) if claim is None else replace(claim, opened=event)


def _with_claim(record: Record, claim: Claim) -> Record:
    return replace(record, claims={**record.claims, claim.opened.claim_id: claim})


def _issued(record: Record, event: StatementIssued) -> Record:
    before = record.statements.get(event.statement_id)
    versions = (*before.versions, event) if before else (event,)
    statements = {**record.statements, event.statement_id: Statement(versions)}
    return replace(record, statements=statements, issued=(*record.issued, event))
