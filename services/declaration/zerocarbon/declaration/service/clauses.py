"""Clauses as outsiders read them. The codes of the program's own rules stay in the signed data."""

from __future__ import annotations

import re

from zerocarbon.proof.gates.result import MEMORY

_OWN_CODE = re.compile(r"(?:R|DC|E)\d+")
_MEMORY = f" ({MEMORY})"


def printed(clause: str) -> str:
    """The clauses of standards alone, without the program's own codes and remarks.

    Args:
        clause: as a gate publishes it, `PAS 2060:2014 clause 7; R192`.
    """
    parts = clause.replace(_MEMORY, "").split("; ")
    return "; ".join(part for part in parts if not _OWN_CODE.fullmatch(part))


def unconfirmed(clause: str) -> bool:
    """Whether the source of the rule was not confirmed in print."""
    return _MEMORY in clause
