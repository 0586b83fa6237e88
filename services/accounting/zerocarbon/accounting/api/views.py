"""How versions, drafts and lines are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zerocarbon.accounting.api.breakdown import closed_breakdown
from zerocarbon.accounting.service.closing import Draft
from zerocarbon.accounting.store.inventories import Version
from zerocarbon.common.refusal import Violation


def summary(version: Version) -> dict[str, Any]:
    """A version without its lines."""
    shown: dict[str, Any] = {
        "inventory_id": version.inventory_id,
        "factory_id": version.factory_id,
        "profile": version.profile,
        "period": version.period.to_json(),
        "version": version.version,
        "state": version.state,
        "supersedes": version.supersedes,
    }
    if version.closed is not None:
        kept = ("closed_at", "knowledge_date", "totals", "lines_sha256", "inventory_sha256")
        shown |= {name: version.closed[name] for name in kept}
        shown["restatement_reason"] = version.closed.get("restatement_reason")
    return shown


def version_view(version: Version, all_versions: Sequence[Version]) -> dict[str, Any]:
    """A version with what it froze, the views over its lines, and all versions of its period and profile."""
    same = [one for one in all_versions if (one.profile, one.period) == (version.profile, version.period)]
    newest = max((one.version for one in same if one.state == "closed"), default=None)
    return {
        **summary(version),
        "superseded": version.closed is not None and newest is not None and newest > version.version,
        "closed": version.closed,
        "breakdown": closed_breakdown(version.closed) if version.closed is not None else None,
        "pending": None,
        "versions": [summary(one) for one in same],
    }


def draft_view(inventory_id: str, draft: Draft) -> dict[str, Any]:
    """A period as of now: what is open, and what it would come to. Of a closed version it shows what has come
    in since, beside what was frozen."""
    content = draft.computed.content
    return {
        "inventory_id": inventory_id,
        "as_of": draft.facts.now.isoformat().replace("+00:00", "Z"),
        "knowledge_date": draft.facts.knowledge_date.isoformat(),
        "complete": not draft.computed.questions,
        "open_questions": [question_view(question) for question in draft.computed.questions],
        "profile": draft.facts.inventory.opened.profile,
        "gwp_set": content.gwp_set,
        "totals": content.totals.model_dump(mode="json"),
        "lines": [line.model_dump(mode="json", exclude_none=True) for line in content.lines],
        "lines_sha256": content.lines_sha256,
        "attribution": content.attribution.model_dump(mode="json", exclude_none=True)
        if content.attribution is not None
        else None,
        "coverage": [meter.model_dump(mode="json") for meter in content.coverage],
        "readings_root": content.readings_root,
        "readings_count": content.readings_count,
        "pins": [pin.model_dump(mode="json") for pin in content.pins],
        "not_counted": [one.model_dump(mode="json", exclude_none=True) for one in content.not_counted],
    }


def question_view(question: Violation) -> dict[str, Any]:
    """An open question in the form of a problem's error."""
    return {"rule": question.rule, "message": question.message}
