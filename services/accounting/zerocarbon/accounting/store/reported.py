"""What a report says beside the closed version: names, and the certificates behind its scope 2."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass

from zerocarbon.common.documents.bilingual import Bilingual, same
from zerocarbon.common.postgres.session import Connection
from zerocarbon.proof.facts import Retirement
from zerocarbon.proof.retired import energy_retirement


@dataclass(frozen=True, slots=True)
class Names:
    """Names as they were registered; `sources` by code. An organisation without a name has its id."""

    organisation: Bilingual
    factory: Bilingual
    sources: dict[str, Bilingual]

    def source(self, code: str) -> Bilingual:
        """The name of a source; its code where nobody named it."""
        return self.sources.get(code) or same(code)


@dataclass(frozen=True, slots=True)
class ReportedRetirement:
    """Certificates that a version counted; `withdrawn` once their registry has taken them back since."""

    fact: Retirement
    project_name: str
    withdrawn: bool


async def names(connection: Connection, organisation_id: str, factory_id: str) -> Names:
    """The names of an organisation, one of its factories, and that factory's sources."""
    organisation = await connection.fetchrow(
        "SELECT name_zh, name_en FROM organisation WHERE organisation_id = $1", organisation_id
    )
    factory = await connection.fetchrow(
        "SELECT name_zh, name_en FROM factory WHERE factory_id = $1 AND organisation_id = $2",
        factory_id,
        organisation_id,
    )
    sources = await connection.fetch(
        "SELECT code, name_zh, name_en FROM source WHERE factory_id = $1 AND organisation_id = $2",
        factory_id,
        organisation_id,
    )
    assert factory is not None, f"{factory_id} has an inventory, so it is known"
    return Names(
        organisation=same(organisation_id)
        if organisation is None
        else Bilingual(organisation["name_zh"], organisation["name_en"]),
        factory=Bilingual(factory["name_zh"], factory["name_en"]),
        sources={row["code"]: Bilingual(row["name_zh"], row["name_en"]) for row in sources},
    )


async def retirements(
    connection: Connection, organisation_id: str, retirement_ids: Collection[str]
) -> tuple[ReportedRetirement, ...]:
    """The retirements of those ids, also ones that were withdrawn later, by scheme, month and serial."""
    rows = await connection.fetch(
        "SELECT fact, withdrawn FROM retirement"
        " WHERE organisation_id = $1 AND retirement_id = ANY ($2::uuid[])",
        organisation_id,
        list(retirement_ids),
    )
    found = []
    for row in rows:
        fact = json.loads(row["fact"])
        found.append(ReportedRetirement(energy_retirement(fact), fact["project"]["name"], row["withdrawn"]))
    return tuple(sorted(found, key=_in_print))


def _in_print(one: ReportedRetirement) -> tuple[str, str, str, int]:
    fact = one.fact
    return fact.scheme, fact.vintage_start.isoformat(), fact.serial, fact.low
