"""A statement, or the answer that it cannot be made, in the form that documents are drawn from."""

from __future__ import annotations

from datetime import date
from typing import Any

from zerocarbon.common.documents.figures import span
from zerocarbon.common.documents.vocabulary import term
from zerocarbon.contracts.certificate import UnitsRetired
from zerocarbon.contracts.declaration import GateResult, OpinionSigned
from zerocarbon.contracts.reference import OrganisationRegistered
from zerocarbon.declaration.documents import Bilingual, StatementView, same
from zerocarbon.declaration.documents.view import Gate, Measure, Status, Subject, Target, Verification
from zerocarbon.declaration.domain.facts import Known
from zerocarbon.declaration.domain.record import Claim, Record, Statement
from zerocarbon.declaration.domain.statement import Judgement
from zerocarbon.declaration.service import clauses, labels, refusal
from zerocarbon.declaration.service.finding_texts import BOUNDARIES
from zerocarbon.declaration.service.findings import Names, finding
from zerocarbon.declaration.service.inventory_view import (
    certificate_view,
    credit_view,
    factor_sources,
    inventory_view,
)

NEUTRALITY = Bilingual(
    zh="{organisation}声明：{factory}在{span}期间、上述边界与范围内实现碳中和，依据 {standard}。",
    en=(
        "{organisation} declares that {factory} was carbon neutral in {span}, within the boundary and scopes"
        " named here, in accordance with {standard}."
    ),
)
METHODS = Bilingual(
    zh="活动数据乘以排放因子；每行结果舍入一次，合计为各行之和。",
    en="Activity data by emission factor; each line is rounded once, totals are sums of lines.",
)


def issued_view(
    statement: Statement,
    record: Record,
    claim: Claim,
    known: Known,
    organisation: OrganisationRegistered | None,
    particulars: dict[str, Any],
) -> StatementView:
    """The newest version of a statement, standing or suspended."""
    current = statement.current
    suspended = statement.suspended
    names = _names(known, record)
    return _view(
        claim,
        record,
        known,
        organisation,
        particulars,
        number=f"{current.statement_id[:8]}-{current.version}",
        version=current.version,
        status="issued" if suspended is None else "suspended",
        status_reason=None if suspended is None else same(suspended.reason),
        standard=current.standard,
        declared_on=current.declared_on,
        notices=tuple(_both(text) for text in current.notices),
        scope2_basis=current.scope2_basis,
        gates=tuple(_gate(gate, names) for gate in current.gates),
    )


def refused_view(
    judgement: Judgement,
    record: Record,
    claim: Claim,
    known: Known,
    organisation: OrganisationRegistered | None,
    particulars: dict[str, Any],
) -> StatementView:
    """A judgement that does not let the statement be made: why not, and what would cure it."""
    names = _names(known, record)
    return _view(
        claim,
        record,
        known,
        organisation,
        particulars,
        number=claim.opened.claim_id[:8],
        version=1,
        status="refused",
        status_reason=refusal.reason(judgement, names),
        status_cure=refusal.cure(judgement, names),
        standard=judgement.standard,
        declared_on=judgement.on,
        notices=tuple(Bilingual(zh=one.zh, en=one.en) for one in judgement.evaluation.notices),
        scope2_basis=judgement.evaluation.basis,
        gates=tuple(_gate(gate, names) for gate in judgement.gates()),
    )


def _view(
    claim: Claim,
    record: Record,
    known: Known,
    organisation: OrganisationRegistered | None,
    particulars: dict[str, Any],
    *,
    status: Status,
    standard: str,
    **more: Any,
) -> StatementView:
    opened = claim.opened
    closed = known.inventories[opened.inventory_id].closed
    subject = _subject(known, organisation, particulars)
    opinions = record.opinions_on(opened.inventory_sha256)
    plan = record.plan()
    sources = sorted({line.source for line in closed.lines if line.scope in ("1", "2")})
    names = {source.code: Bilingual(zh=source.name_zh, en=source.name_en) for source in known.factory.sources}
    words = {"span": span(opened.period.start, opened.period.end), "standard": standard}
    return StatementView(
        status=status,
        standard=standard,
        standard_title=labels.label(labels.STANDARDS, standard),
        claim=Bilingual(
            zh=NEUTRALITY.zh.format(
                organisation=subject.organisation.zh, factory=subject.factory.zh, **words
            ),
            en=NEUTRALITY.en.format(
                organisation=subject.organisation.en, factory=subject.factory.en, **words
            ),
        ),
        subject=subject,
        period_start=opened.period.start,
        period_end=opened.period.end,
        boundary=BOUNDARIES.get(opened.boundary, same(opened.boundary)),
        consolidation=term("consolidation", closed.consolidation),
        facilities=tuple(names.get(source, same(source)) for source in sources),
        methods=METHODS,
        scopes=("1", "2", "3"),
        inventory=inventory_view(closed, more["scope2_basis"]),
        certificates=tuple(certificate_view(units) for units in sorted(known.energy, key=_in_print)),
        credits_retired=tuple(credit_view(units) for units in sorted(known.retired, key=_in_print)),
        verification=_verification(opinions[-1]) if opinions else None,
        measures=tuple(
            Measure(
                Bilingual(zh=one.name_zh, en=one.name_en),
                one.scope,
                one.planned_kg,
                one.achieved_kg,
                one.done_on,
            )
            for one in (plan.measures if plan else ())
        ),
        targets=tuple(
            Target(
                one.scope,
                one.reduction_percent,
                one.by,
                exclusion_reason=same(one.exclusion_reason) if one.exclusion_reason else None,
            )
            for one in (plan.targets if plan else ())
        ),
        factor_sources=factor_sources(closed.lines),
        sample=bool(particulars.get("sample", False)),
        **more,
    )


def _subject(
    known: Known, organisation: OrganisationRegistered | None, particulars: dict[str, Any]
) -> Subject:
    factory = known.factory.registered
    published = {
        name: Bilingual(zh=value["zh"], en=value["en"])
        for name, value in particulars.items()
        if name != "sample"
    }
    return Subject(
        factory=Bilingual(zh=factory.name_zh, en=factory.name_en),
        organisation=Bilingual(zh=organisation.name_zh, en=organisation.name_en)
        if organisation is not None
        else same(factory.organisation_id),
        code=factory.code,
        **{"industry": same(factory.industry), **published},
    )


def _verification(opinion: OpinionSigned) -> Verification:
    return Verification(
        body=same(opinion.body),
        accreditation=opinion.accreditation,
        accreditation_valid_to=opinion.accreditation_valid_to,
        criteria=opinion.criteria,
        level=opinion.level,
        materiality_percent=opinion.materiality_percent,
        misstatement_kg=opinion.misstatement_kg,
        opinion=opinion.opinion,
        signed_on=opinion.signed_on,
        inventory_sha256=opinion.inventory_sha256,
    )


def _names(known: Known, record: Record) -> dict[str, Bilingual]:
    """Sources and measures by code, as findings name them."""
    plan = record.plan()
    return {
        **{one.code: Bilingual(zh=one.name_zh, en=one.name_en) for one in known.factory.sources},
        **{one.code: Bilingual(zh=one.name_zh, en=one.name_en) for one in (plan.measures if plan else ())},
    }


def _gate(gate: GateResult, names: Names) -> Gate:
    return Gate(
        gate=labels.label(labels.GATES, gate.gate),
        clause=clauses.printed(gate.clause),
        passed=gate.passed,
        found=finding(gate.found, names),
        cure=finding(gate.cure, names) if gate.cure is not None else None,
        unconfirmed=clauses.unconfirmed(gate.clause),
    )


def _both(text: str) -> Bilingual:
    """A notice as it was published: English, ` / `, Chinese."""
    english, _, chinese = text.rpartition(" / ")
    return Bilingual(zh=chinese, en=english or chinese)


def _in_print(units: UnitsRetired) -> tuple[str, date, str, int]:
    """Retired units are printed by scheme, month of generation, and serial number."""
    return units.scheme, units.vintage_start, units.serial, units.low
