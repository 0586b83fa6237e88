"""Chapter three: own factors with four eyes, screening, and the close."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from zerocarbon.product.demo.client import Api, DemoStopped, NotArrived
from zerocarbon.product.demo.company import FactoryStory
from zerocarbon.product.demo.figures import OWN_FACTORS, SOURCE, screening
from zerocarbon.product.demo.progress import Done

SERVICE = "accounting"


def factory_path(caller: Api, factory: str) -> str:
    """Where accounting keeps what belongs to a factory."""
    return f"{caller.base(SERVICE)}/factories/{factory}"


def approve_factors(preparer: Api, reviewer: Api, year: int, published: str, approved: Done) -> None:
    """Submits the organisation's own factors and has somebody else approve them."""
    for factor in OWN_FACTORS:
        evidence = hashlib.sha256(f"synthetic evidence of {factor.code}".encode()).hexdigest()
        submitted = preparer.post(
            f"{preparer.base(SERVICE)}/factors",
            {
                "factor": factor.code,
                "substance": factor.substance,
                "purpose": factor.purpose,
                "value": factor.value,
                "unit": factor.unit,
                "gas": factor.gas,
                "valid_from": f"{year}-01-01",
                "valid_to": f"{year + 1}-01-01",
                "published": published,
                "source": SOURCE,
                "evidence_sha256": evidence,
                "synthetic": True,
            },
        )
        version = f"{reviewer.base(SERVICE)}/factors/{factor.code}/versions/{submitted['version']}"
        reviewer.post(f"{version}/approval", {})
        approved(1)


def open_inventory(preparer: Api, factory: str, story: FactoryStory, year: int) -> str:
    """Opens the year, waits until its sources are known, and answers all fifteen categories."""
    expected = sorted(source.code for source in story.sources)
    preparer.when(
        f"{factory_path(preparer, factory)}/positions",
        lambda known: known["sources"] == expected,
        f"the register of {story.code} in accounting",
    )
    opened = preparer.post(
        f"{factory_path(preparer, factory)}/inventories",
        {
            "period": {"start": f"{year}-01-01", "end": f"{year + 1}-01-01"},
            "consolidation": "operational-control",
            "scopes": ["1", "2", "3"],
            "operational_boundary": "All sources of the site, and scope 3 as screened.",
        },
    )
    inventory: str = opened["inventory_id"]
    calculated = {source.scope3_category for source in story.sources if source.scope3_category}
    # Category 3 comes from the purchased electricity itself.
    answers = screening(frozenset(calculated | {3}))
    preparer.post(
        f"{factory_path(preparer, factory)}/inventories/{inventory}/screening", {"categories": answers}
    )
    return inventory


def wait_for_certificates(preparer: Api, factory: str, inventory: str, megawatt_hours: int) -> None:
    """Waits until every reading and the retired certificates have arrived in accounting."""

    def arrived(preview: dict[str, Any]) -> bool:
        covered = sum(
            (Decimal(line["quantity"]) for line in preview["lines"] if "/certificate/" in line["line"]),
            Decimal(0),
        )
        return bool(preview["complete"]) and covered == megawatt_hours * 1000

    path = f"{factory_path(preparer, factory)}/inventories/{inventory}/preview"
    try:
        preparer.when(path, arrived, "readings and certificates")
    except NotArrived as stopped:
        questions = stopped.last["open_questions"] if stopped.last is not None else []
        raise DemoStopped(f"{stopped}{still_open(questions)}") from stopped


def still_open(questions: Sequence[dict[str, Any]]) -> str:
    """Open questions of a preview, as a list of sentences; empty where there are none."""
    if not questions:
        return ""
    listed = "".join(f"\n  {one['rule']}: {one['message']}" for one in questions)
    return f"; the inventory cannot be closed before these questions are answered:{listed}"


def close(reviewer: Api, factory: str, inventory: str) -> dict[str, Any]:
    """Closes the inventory, by the reviewer; gives the closed version."""
    path = f"{factory_path(reviewer, factory)}/inventories/{inventory}"
    reviewer.post(f"{path}/close", {})
    closed: dict[str, Any] = reviewer.get(path)["closed"]
    return closed
