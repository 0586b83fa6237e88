"""What a report must not lack: the six contents of a greenhouse gas report (R177). Else none is issued."""

from __future__ import annotations

from zerocarbon.accounting.report.content import ReportContent


def missing_contents(content: ReportContent) -> tuple[str, ...]:
    """Which of basis, sources, methods, boundary and scopes, and amount are missing. The period never is: a
    version has one."""
    facts = content.facts
    found = {
        "basis": content.profile is not None and content.gwp_set is not None,
        "sources": bool({line.source for line in facts.lines}),
        "methods": all(line.formula for line in facts.lines),
        "boundary and scopes": bool(facts.opened.operational_boundary.strip() and facts.opened.scopes),
        "amount": bool(facts.lines),
    }
    return tuple(name for name, present in found.items() if not present)
