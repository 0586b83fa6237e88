"""A statement under one standard: issued when every gate holds, else refused with all of them (R192)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import cast

from zerocarbon.common.refusal import NotFound, Refused, Violation, refuse
from zerocarbon.contracts.declaration import (
    GateResult,
    Standard,
    StatementIssued,
    StatementRefused,
)
from zerocarbon.declaration.domain.facts import Known, contents_of_claim
from zerocarbon.declaration.domain.record import Claim, Record, Statement
from zerocarbon.declaration.domain.subject import Subject
from zerocarbon.proof.bundle.claim_facts import claim_facts
from zerocarbon.proof.gates import prospect, standards
from zerocarbon.proof.gates.prospect import Prospect
from zerocarbon.proof.gates.standard import Evaluation, evaluate
from zerocarbon.proof.numbers import parse


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one standard says on one day, and the way on. `obstacles` stand before all standards."""

    standard: str
    on: date
    evaluation: Evaluation
    prospect: Prospect
    obstacles: tuple[Violation, ...]

    @property
    def passed(self) -> bool:
        """Whether every gate holds and nothing stands before them."""
        return self.evaluation.passed and not self.obstacles

    def gates(self) -> list[GateResult]:
        """The results of all gates, as published."""
        return [GateResult.model_validate(gate.to_json()) for gate in self.evaluation.gates]


@dataclass(frozen=True, slots=True)
class RequestStatement:
    """A statement is asked for. `statement_id` is made from claim and standard: versions share it.

    `bundle_root` is the root over the facts of the evidence bundle, made from the same facts.
    """

    claim_id: str
    standard: str
    statement_id: str
    bundle_root: str


def judge(record: Record, claim_id: str, standard: str, known: Known, on: date) -> Judgement:
    """Judges a claim by one standard, without any effect.

    Raises:
        NotFound: no such claim.
        Refused: no such standard.
    """
    claim = claim_of(record, claim_id)
    try:
        strategy = standards.named(standard)
    except standards.UnknownStandard as unknown:
        raise refuse("R192", str(unknown), "/standard") from unknown
    facts = claim_facts(contents_of_claim(record, claim, known), on)
    evaluation = evaluate(strategy, facts)
    way_on = prospect.prospect(strategy, facts, evaluation)
    return Judgement(standard, on, evaluation, way_on, tuple(_obstacles(claim, known)))


def _obstacles(claim: Claim, known: Known) -> Iterator[Violation]:
    inventory = known.inventories[claim.opened.inventory_id]
    if inventory.superseded_by is not None:
        yield inventory.superseded("R216", "/claim_id")
    if known.energy_withdrawn:
        yield Violation(
            "R179",
            "certificates under scope 2 of this inventory were withdrawn; restate and verify it anew",
            "/claim_id",
        )


def claim_of(record: Record, claim_id: str) -> Claim:
    """The claim.

    Raises:
        NotFound: no such claim of this factory.
    """
    claim = record.claims.get(claim_id)
    if claim is None:
        raise NotFound("claim", claim_id)
    return claim


def statement_of(record: Record, statement_id: str) -> Statement:
    """The statement with all its versions.

    Raises:
        NotFound: no such statement of this factory.
    """
    found = record.statements.get(statement_id)
    if found is None:
        raise NotFound("statement", statement_id)
    return found


def decide(
    record: Record,
    subject: Subject,
    known: Known,
    command: RequestStatement,
) -> tuple[Judgement, list[StatementIssued | StatementRefused]]:
    """Issues the statement, or records the refusal with every gate.

    Raises:
        NotFound: no such claim.
        Refused: no such standard, the verified inventory was superseded or its certificates were withdrawn
            meanwhile, or the statement stands already on exactly these facts.
    """
    claim = claim_of(record, command.claim_id)
    judgement = judge(record, command.claim_id, command.standard, known, subject.today)
    if judgement.obstacles:
        raise Refused(judgement.obstacles)
    before = record.statements.get(command.statement_id)
    if (
        before is not None
        and before.stands
        and before.current.inventory_sha256 == claim.opened.inventory_sha256
    ):
        raise refuse("R216", "the statement under this standard stands already; corrections are new versions")
    if not judgement.passed:
        return judgement, [_refused(subject, command, judgement)]
    return judgement, [_issued(subject, claim, known, command, judgement, before)]


def _refused(subject: Subject, command: RequestStatement, judgement: Judgement) -> StatementRefused:
    return StatementRefused(
        organisation_id=subject.organisation_id,
        factory_id=subject.factory_id,
        claim_id=command.claim_id,
        standard=cast("Standard", judgement.standard),
        asked_on=subject.today,
        gates=judgement.gates(),
    )


def _issued(
    subject: Subject,
    claim: Claim,
    known: Known,
    command: RequestStatement,
    judgement: Judgement,
    before: Statement | None,
) -> StatementIssued:
    evaluation = judgement.evaluation
    assert evaluation.emissions_tonnes_rounded_up <= evaluation.credits_tonnes, "R196 is one of the gates"
    return StatementIssued(
        organisation_id=subject.organisation_id,
        factory_id=subject.factory_id,
        statement_id=command.statement_id,
        claim_id=command.claim_id,
        version=before.current.version + 1 if before else 1,
        standard=cast("Standard", judgement.standard),
        scope2_basis=evaluation.basis,
        emissions_kg=parse(evaluation.emissions_kg),
        emissions_tonnes_rounded_up=evaluation.emissions_tonnes_rounded_up,
        credits_tonnes=evaluation.credits_tonnes,
        valid=claim.opened.period,
        declared_on=subject.today,
        notices=[notice.text for notice in evaluation.notices],
        gates=judgement.gates(),
        retirements=sorted({one.retirement_id for one in known.retired}),
        inventory_sha256=claim.opened.inventory_sha256,
        bundle_root=command.bundle_root,
        opinion_id=claim.opened.opinion_id,
    )
