"""The files that the story ends with: documents, the declaration or why there is none, and the bundle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rich.console import Console

from zerocarbon.product.demo import inventory_chapter
from zerocarbon.product.demo.client import Api
from zerocarbon.product.demo.declaration_chapter import Outcome, factory_path
from zerocarbon.product.demo.progress import bar
from zerocarbon.product.demo.told import Told

REPORTS = ("html", "pdf", "xlsx")
_WHAT = {
    "statement.html": "the statement, or each gate that stopped it",
    "statement.pdf": "the same to print",
    "declaration.json": "the signed statement, for programs",
    "evaluation.json": "what each standard found, for programs; not signed",
    "bundle.zip": "all evidence, for whoever checks it",
    "issuer-key.pem": "the public key that checks the signatures",
}
NO_DECLARATION = (
    "No declaration exists: no standard's gates all held. This is what each standard found; it is not signed."
)


def what_it_is(name: str) -> str:
    """What a written document is, in a few words."""
    if name.startswith("refused-"):
        return "what the standard that refused found, gate by gate"
    if name.startswith("inventory-"):
        return "the report of the closed inventory"
    return _WHAT[name]


def fetch(reader: Api, told: Told, output: Path, console: Console) -> None:
    """Writes every document of the claim, and the reports of all inventories, into `output`.

    Raises:
        DemoStopped: a document cannot be had.
    """
    claim = f"{factory_path(reader, told.factory)}/claims/{told.claim}"
    chosen = told.issued or told.outcomes[0]
    refused = [one for one in told.outcomes if not one.issued and one is not chosen]
    place, query = claim, _query(chosen)
    if chosen.issued:
        identity = chosen.body["statement"]["statement_id"]
        place, query = f"{factory_path(reader, told.factory)}/statements/{identity}", ""
    found = {
        "statement.html": f"{place}/statement.html{query}",
        "statement.pdf": f"{place}/statement.pdf{query}",
        **{
            f"refused-{_file_name(one.standard)}.html": f"{claim}/statement.html{_query(one)}"
            for one in refused
        },
        "bundle.zip": f"{claim}/bundle.zip",
        "issuer-key.pem": "/declaration/v1/keys.pem",
        **_reports(reader, told),
    }
    if chosen.issued:
        found["declaration.json"] = f"{place}/declaration.json"
    own = {} if chosen.issued else {"evaluation.json": _evaluations(told)}
    with bar(console, "documents written", len(found) + len(own)) as written:
        for name, text in own.items():
            (output / name).write_text(text, encoding="utf-8")
            written(1)
        for name, path in found.items():
            (output / name).write_bytes(reader.fetch(path))
            written(1)


def _reports(reader: Api, told: Told) -> dict[str, str]:
    """The reports of the closed inventories, by file name."""
    found = {}
    for code, closed in told.inventories.items():
        place = inventory_chapter.factory_path(reader, closed["factory_id"])
        for form in REPORTS:
            found[f"inventory-{code}.{form}"] = f"{place}/inventories/{closed['inventory_id']}/report.{form}"
    return found


def _evaluations(told: Told) -> str:
    found: dict[str, Any] = {
        "note": NO_DECLARATION,
        "evaluations": [one.body["evaluation"] for one in told.outcomes],
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _query(outcome: Outcome) -> str:
    return f"?standard={quote(outcome.standard)}"


def _file_name(standard: str) -> str:
    """`ISO 14068-1:2023` becomes `iso-14068-1`."""
    return standard.partition(":")[0].lower().replace(" ", "-")
