"""Problem details (RFC 9457): one form for everything that is refused or fails."""

from __future__ import annotations

from typing import Any

from zerocarbon.common.refusal import Refused

PREFIX = "urn:zerocarbon:problem:"


def problem(kind: str, title: str, status: int, detail: str, **more: Any) -> dict[str, Any]:
    """The members of a problem document."""
    return {"type": PREFIX + kind, "title": title, "status": status, "detail": detail, **more}


def is_problem(body: dict[str, Any]) -> bool:
    """Whether a body is a problem document of ours."""
    return str(body.get("type", "")).startswith(PREFIX)


def refusal_problem(refused: Refused) -> dict[str, Any]:
    """A refusal by rule: every violation with its rule, its place and what would be right."""
    errors = []
    for violation in refused.violations:
        error: dict[str, Any] = {"rule": violation.rule, "message": violation.message}
        if violation.pointer is not None:
            error["pointer"] = violation.pointer
        if violation.row is not None:
            error["row"] = violation.row
        errors.append(error)
    count = len(errors)
    detail = errors[0]["message"] if count == 1 else f"{count} rules are broken; see errors"
    return problem("refused-by-rule", "Refused by rule", 422, detail, errors=errors)
