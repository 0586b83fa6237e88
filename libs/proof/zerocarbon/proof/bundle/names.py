"""The names of the entries: a bundle holds these and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable

from zerocarbon.proof.manifest import MANIFEST, SIGNATURE, STATEMENTS

FACTORY = "factory.json"
SOURCES = "sources.json"
METERS = "meters.json"
RECORDS = "records.jsonl"
ORGANISATION_FACTORS = "organisation-factors.json"
LIBRARY_FACTORS = "library-factors.json"
INVENTORY = "inventory.json"
ENERGY_RETIREMENTS = "retirements-mwh.json"
CREDIT_RETIREMENTS = "retirements-tco2e.json"
REQUESTS = "retirement-requests.json"
CIRCUMSTANCES = "circumstances.json"
OPINION = "opinion.json"
COMMITMENT = "commitment.json"
PLAN = "plan.json"
CLAIM = "claim.json"

REQUIRED = frozenset(
    {
        MANIFEST,
        SIGNATURE,
        STATEMENTS,
        FACTORY,
        SOURCES,
        METERS,
        RECORDS,
        ORGANISATION_FACTORS,
        LIBRARY_FACTORS,
        INVENTORY,
        ENERGY_RETIREMENTS,
        CREDIT_RETIREMENTS,
        REQUESTS,
        CIRCUMSTANCES,
    }
)
OPTIONAL = frozenset({OPINION, COMMITMENT, PLAN, CLAIM})
_READINGS = re.compile(r"readings/([a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?)\.jsonl\Z")


def readings_entry(meter: str) -> str:
    """The entry with the readings of one meter."""
    return f"readings/{meter}.jsonl"


def meter_of(name: str) -> str | None:
    """The meter whose readings an entry holds, if it holds readings."""
    match = _READINGS.match(name)
    return match[1] if match else None


def unknown_names(names: Iterable[str]) -> list[str]:
    """Names that no bundle of this format version has."""
    return [name for name in names if name not in REQUIRED | OPTIONAL and meter_of(name) is None]
