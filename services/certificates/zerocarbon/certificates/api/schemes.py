"""The schemes and their rules, for anybody."""

from __future__ import annotations

from dataclasses import asdict, fields, is_dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query

from zerocarbon.certificates.domain.scheme import Scheme
from zerocarbon.certificates.schemes.accepted import acceptance_rows
from zerocarbon.certificates.schemes.catalogue import schemes

router = APIRouter(prefix="/certificates/v1/schemes", tags=["schemes"])


@router.get("")
async def list_schemes() -> dict[str, Any]:
    """All schemes with their rules, each with its source and how sure it is."""
    return {"items": [_shown(scheme) for scheme in schemes().values()]}


@router.get("/acceptance")
async def list_acceptance(
    standard: Annotated[str | None, Query(description="One standard, or all.")] = None,
    on: Annotated[date | None, Query(description="Only the rows that speak about this day.")] = None,
) -> dict[str, Any]:
    """Which standard accepts which scheme for what, with source and dates."""
    items = [
        asdict(row)
        for row in acceptance_rows()
        if standard in (None, row.standard)
        and (on is None or row.holds(row.standard, row.scheme, row.use, on))
    ]
    return {"items": items}


def _shown(scheme: Scheme) -> dict[str, Any]:
    head = {
        name: getattr(scheme, name)
        for name in ("code", "name_en", "name_zh", "issuer", "registry", "unit", "market")
    }
    rules = [*scheme.issue_rules, *scheme.purposes, scheme.validity, scheme.transfer_limit]
    return {**head, "rules": [_rule(rule) for rule in rules if rule is not None]}


def _rule(rule: Any) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": type(rule).__name__}
    for field in fields(rule):
        value = getattr(rule, field.name)
        if field.name == "source":
            shown |= asdict(value)
        elif is_dataclass(value):
            shown[field.name] = _rule(value)
        elif value is not None:
            shown[field.name] = value.isoformat() if isinstance(value, date) else value
    return shown
