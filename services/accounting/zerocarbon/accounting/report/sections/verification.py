"""How a stranger checks the version: hashes, where the evidence is, up to where events had been read."""

from __future__ import annotations

from zerocarbon.accounting.report.cells import column, digest, fact, row, table
from zerocarbon.accounting.report.content import ReportContent
from zerocarbon.accounting.report.wording import say
from zerocarbon.common.documents.blocks import Facts, Section, code


def verification(content: ReportContent) -> Section:
    """Digests of the version, and the command that recomputes them."""
    closed = content.facts.closed
    how = say("verification.how_text", factory=closed.factory_id, inventory=closed.inventory_id)
    rows = (
        fact("verification.state", say("verification.state_text")),
        fact("verification.how", how),
        fact("verification.inventory_id", code(closed.inventory_id)),
        fact("verification.inventory", digest(closed.inventory_sha256)),
        fact("verification.lines", code(f"inventory-lines sha256:{closed.lines_sha256}")),
        fact("verification.root", digest(closed.readings_root)),
    )
    pins = [row(code(pin.topic), code(pin.position)) for pin in closed.pins]
    columns = (column("topic", 3), column("position", 5))
    return Section(say("verification.heading"), (Facts(rows), table("verification.pins", columns, pins)))
