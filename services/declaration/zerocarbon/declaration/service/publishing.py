"""What the public reads of an issued statement: a snapshot without personal data, and its signed form."""

from __future__ import annotations

from typing import Any

from zerocarbon.contracts.certificate import UnitsRetired
from zerocarbon.contracts.declaration import StatementIssued
from zerocarbon.declaration.domain.facts import Known
from zerocarbon.declaration.domain.statement import claim_of
from zerocarbon.declaration.service import credential
from zerocarbon.declaration.service.factory_work import FactoryWork
from zerocarbon.declaration.service.inventory_view import serials
from zerocarbon.declaration.service.signing import SigningKey
from zerocarbon.declaration.store import factories, public
from zerocarbon.declaration.store.public import PublicStatement


async def publish(work: FactoryWork, known: Known, issued: StatementIssued, key: SigningKey) -> None:
    """Publishes a version of a statement, in the transaction that issues it."""
    organisation = await factories.organisation(work.connection, issued.organisation_id)
    names = {"en": organisation.name_en, "zh": organisation.name_zh} if organisation else {}
    snapshot = _snapshot(work, known, issued, names)
    signed = credential.sign(credential.credential_of(issued, snapshot, work.unit.now), key)
    statement = PublicStatement(
        statement_id=issued.statement_id,
        version=issued.version,
        organisation_id=issued.organisation_id,
        factory_id=issued.factory_id,
        snapshot=snapshot,
        credential=signed,
    )
    await public.publish(work.connection, statement)


def _snapshot(
    work: FactoryWork, known: Known, issued: StatementIssued, organisation: dict[str, str]
) -> dict[str, Any]:
    opened = claim_of(work.record, issued.claim_id).opened
    inventory = known.inventories[opened.inventory_id].closed
    opinion = work.record.opinions_on(opened.inventory_sha256)[-1]
    factory = work.factory.registered
    return {
        "organisation": organisation,
        "factory": {"code": factory.code, "en": factory.name_en, "zh": factory.name_zh},
        "period": issued.valid.model_dump(mode="json"),
        "boundary": opened.boundary,
        "statement": issued.model_dump(mode="json", exclude_none=True),
        "inventory": {
            "version": inventory.version,
            "profile": inventory.profile,
            "totals": inventory.totals.model_dump(mode="json"),
            "lines_sha256": inventory.lines_sha256,
            "inventory_sha256": inventory.inventory_sha256,
        },
        "verification": {
            "body": opinion.body,
            "opinion": opinion.opinion,
            "level": opinion.level,
            "signed_on": opinion.signed_on.isoformat(),
        },
        "certificates": [_units(units) for units in known.energy],
        "credits": [_units(units) for units in known.retired],
    }


def _units(units: UnitsRetired) -> dict[str, Any]:
    return {
        "scheme": units.scheme,
        "registry": units.registry,
        "serials": serials(units),
        "quantity": units.high - units.low,
        "unit": units.unit,
        "project": units.project.name,
        "retired_on": units.retired_on.isoformat(),
        "registry_reference": units.registry_reference,
    }
