"""The report of a closed version: its facts, and its files drawn beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from zerocarbon.accounting.domain import book
from zerocarbon.accounting.report import rendering
from zerocarbon.accounting.report.content import ReportContent, content_of
from zerocarbon.accounting.report.facts import Amount, PastVersion, ReportFacts
from zerocarbon.accounting.report.mandatory import missing_contents
from zerocarbon.accounting.service.draft_facts import BOOK
from zerocarbon.accounting.service.purchase import purchase_of
from zerocarbon.accounting.store import inventories, reference, reported
from zerocarbon.accounting.store.inventories import Version
from zerocarbon.common.documents.bilingual import Language
from zerocarbon.common.eventstore.aggregate import load
from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.postgres.session import Connection
from zerocarbon.common.refusal import Refused, Violation, refuse
from zerocarbon.contracts.inventory import InventoryClosed
from zerocarbon.proof.line import InventoryLine

Form = Literal["html", "pdf", "xlsx"]
DRAW: dict[Form, Callable[[ReportContent, Language], bytes]] = {
    "html": rendering.report_html,
    "pdf": rendering.report_pdf,
    "xlsx": rendering.report_xlsx,
}


async def report(
    context: ServiceContext,
    organisation_id: str,
    factory_id: str,
    inventory_id: str,
    form: Form,
    language: Language,
) -> tuple[InventoryClosed, bytes]:
    """The version and the file of its report.

    Raises:
        NotFound: the factory has no such inventory in this organisation.
        Refused: the version is not closed; or R177: something that a report must not lack is missing.
    """
    facts = await gather(context, organisation_id, factory_id, inventory_id)
    # Charts and type take a second: other requests go on meanwhile.
    return facts.closed, await asyncio.to_thread(_drawn, facts, form, language)


async def gather(
    context: ServiceContext, organisation_id: str, factory_id: str, inventory_id: str
) -> ReportFacts:
    """All that a report is made of, in one transaction.

    Raises:
        NotFound, Refused: as for `report`.
    """
    async with context.database.request(organisation_id, read_only=True) as session:
        return await _gathered(context, session.connection, organisation_id, factory_id, inventory_id)


def _drawn(facts: ReportFacts, form: Form, language: Language) -> bytes:
    content = content_of(facts)
    _must_be_whole(content)
    return DRAW[form](content, language)


def _must_be_whole(content: ReportContent) -> None:
    missing = missing_contents(content)
    if missing:
        raise Refused([Violation("R177", f"the report would lack its {name}") for name in missing])


async def _gathered(
    context: ServiceContext,
    connection: Connection,
    organisation_id: str,
    factory_id: str,
    inventory_id: str,
) -> ReportFacts:
    version = await inventories.find(connection, organisation_id, factory_id, inventory_id)
    if version.closed is None:
        raise refuse("not-closed", "only a closed version is reported; ask for its preview instead")
    closed = InventoryClosed.model_validate(version.closed)
    factory = await reference.factory(connection, organisation_id, factory_id)
    loaded = await load(connection, context.store, book.stream_of(factory_id, version.profile), BOOK)
    versions = _same_period(version, await inventories.listed(connection, organisation_id, factory_id))
    newest = max(one.version for one in versions)
    return ReportFacts(
        closed=closed,
        opened=loaded.state.inventory(inventory_id).opened,
        lines=tuple(InventoryLine.from_json(line) for line in version.closed["lines"]),
        names=await reported.names(connection, organisation_id, factory_id),
        time_zone=factory.facts.time_zone,
        country=factory.facts.country,
        grid_region=factory.facts.grid_region,
        history=tuple(_past(one) for one in versions if one.version <= version.version),
        superseded_by=newest if newest > version.version else None,
        retirements=await reported.retirements(connection, organisation_id, closed.retirements),
        purchase=await purchase_of(connection, factory, closed),
    )


def _same_period(version: Version, known: Sequence[Version]) -> list[Version]:
    """The closed versions of one period and profile, by number."""
    same = (version.profile, version.period)
    return [one for one in known if one.closed is not None and (one.profile, one.period) == same]


def _past(version: Version) -> PastVersion:
    assert version.closed is not None, "only closed versions are history"
    closed: dict[str, Any] = version.closed
    return PastVersion(
        version=version.version,
        closed_on=datetime.fromisoformat(closed["closed_at"]).date(),
        reason=closed.get("restatement_reason"),
        total=Amount(Decimal(closed["totals"]["total_location"]), Decimal(closed["totals"]["total_market"])),
        inventory_sha256=closed["inventory_sha256"],
    )
