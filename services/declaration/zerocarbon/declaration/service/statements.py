"""Statements: judged at any date without effect, or asked for and then issued or refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from zerocarbon.common.command.answer import Answer
from zerocarbon.common.command.runner import UseCase
from zerocarbon.common.command.unit_of_work import UnitOfWork
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.ids import natural_id
from zerocarbon.common.problem import problem
from zerocarbon.common.refusal import Conflict
from zerocarbon.contracts.declaration import StatementRefused
from zerocarbon.declaration.domain import statement
from zerocarbon.declaration.domain.statement import Judgement
from zerocarbon.declaration.service import bundles, gathering, publishing, reading
from zerocarbon.declaration.service.factory_work import begin
from zerocarbon.declaration.service.signing import signing_key
from zerocarbon.declaration.store import factories
from zerocarbon.proof.bundle import Contents
from zerocarbon.proof.gates import standards

NO_ROOT = "0" * 64
"""Stands where the claim was judged too weak to be issued, so that no bundle was made."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request judged ahead of its command: the standard, the facts, and the root over them.

    Evidence is read and hashed before the transaction, which stays short; the command then makes sure that
    it decides on the same facts.
    """

    standard: str
    bundle_root: str
    facts: Contents


async def evaluate(
    context: ServiceContext,
    organisation_id: str,
    factory_id: str,
    claim_id: str,
    standard: str | None,
    on: date | None,
) -> dict[str, Any]:
    """What a standard would say on a day, by today's facts; without any effect.

    Raises:
        NotFound: the factory has no such claim.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        factory = await factories.known_factory(session.connection, organisation_id, factory_id)
        record = await reading.record_of(context, session.connection, organisation_id, factory_id)
        claim = statement.claim_of(record, claim_id)
        known = await gathering.for_claim(session.connection, organisation_id, claim)
        today = factory.local_date(await context.business_clock.now(session.connection))
    day = on if on is not None else today
    chosen = standard or standards.default_on(day).name
    return judgement_body(claim_id, statement.judge(record, claim_id, chosen, known, day))


async def prepare(
    context: ServiceContext, organisation_id: str, factory_id: str, claim_id: str, standard: str | None
) -> Prepared:
    """Judges, and makes the root of the evidence if the statement would be issued.

    Raises:
        NotFound: the factory has no such claim.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        factory = await factories.known_factory(session.connection, organisation_id, factory_id)
        record = await reading.record_of(context, session.connection, organisation_id, factory_id)
        contents, closed, known = await bundles.facts(session.connection, organisation_id, record, claim_id)
        today = factory.local_date(await context.business_clock.now(session.connection))
    chosen = standard or standards.default_on(today).name
    judgement = statement.judge(record, claim_id, chosen, known, today)
    root = NO_ROOT
    if judgement.passed:
        root = await bundles.root_of(await bundles.complete(context, contents, closed, known))
    return Prepared(chosen, root, contents)


def request(context: ServiceContext, factory_id: str, claim_id: str, prepared: Prepared) -> UseCase:
    """Issues the statement (201), or records the refusal and answers with every gate (422)."""

    async def use_case(unit: UnitOfWork) -> Answer:
        work = await begin(unit, factory_id)
        contents, _, known = await bundles.facts(unit.connection, unit.organisation_id, work.record, claim_id)
        command = statement.RequestStatement(
            claim_id=claim_id,
            standard=prepared.standard,
            statement_id=natural_id("statement", claim_id, prepared.standard),
            bundle_root=prepared.bundle_root,
        )
        judgement, (event,) = statement.decide(work.record, work.subject, known, command)
        if judgement.passed and (prepared.bundle_root == NO_ROOT or contents != prepared.facts):
            raise Conflict("facts-moved", "facts behind the claim changed while it was judged; ask again")
        version = await work.append([event])
        if isinstance(event, StatementRefused):
            return Answer(422, refusal_body(claim_id, judgement), version)
        await publishing.publish(work, known, event, signing_key(context.data_directory))
        return Answer(201, {"statement": event.model_dump(mode="json", exclude_none=True)}, version)

    return use_case


def judgement_body(claim_id: str, judgement: Judgement) -> dict[str, Any]:
    """A judgement as JSON: every gate, the notices, and the way on."""
    evaluation, prospect = judgement.evaluation, judgement.prospect
    instead = prospect.instead
    return {
        "claim_id": claim_id,
        "standard": judgement.standard,
        "on": judgement.on.isoformat(),
        "passed": judgement.passed,
        "scope2_basis": evaluation.basis,
        "emissions_kg": evaluation.emissions_kg,
        "emissions_tonnes_rounded_up": evaluation.emissions_tonnes_rounded_up,
        "credits_tonnes": evaluation.credits_tonnes,
        "gates": [gate.model_dump(mode="json", exclude_none=True) for gate in judgement.gates()],
        "obstacles": [{"rule": one.rule, "message": one.message} for one in judgement.obstacles],
        "notices": [{"code": one.code, "en": one.en, "zh": one.zh} for one in evaluation.notices],
        "prospect": {
            "curable": prospect.curable,
            "sentence": prospect.sentence(),
            "cures": list(prospect.cures),
            "incurable": [gate.gate for gate in prospect.incurable],
            **({"instead": dict(instead.to_json())} if instead is not None else {}),
            **({"from_day": prospect.from_day.isoformat()} if prospect.from_day is not None else {}),
        },
    }


def refusal_body(claim_id: str, judgement: Judgement) -> dict[str, Any]:
    """The refusal as a problem: the gates that do not hold as errors, and the whole judgement beside."""
    errors = []
    for gate in judgement.gates():
        if not gate.passed:
            cure = gate.cure or "nothing cures this for the period"
            errors.append({"rule": gate.gate, "message": gate.found, "clause": gate.clause, "cure": cure})
    title = f"No statement under {judgement.standard}"
    sentence = f"{len(errors)} gates do not hold: {judgement.prospect.sentence()}"
    evaluation = judgement_body(claim_id, judgement)
    return problem("statement-refused", title, 422, sentence, errors=errors, evaluation=evaluation)
