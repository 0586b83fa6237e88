"""Keeps secrets out of logs, whoever logs them: by the name of a field, and by what a value looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

HIDDEN = "[hidden]"

_NAMES = re.compile(r"password|passwd|secret|token|authorization|cookie|credential|dsn|api[-_]?key\b", re.I)
_LOOKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\bzc_[A-Za-z0-9_-]{8,}"), HIDDEN),
    (re.compile(r"\bwhsec_[A-Za-z0-9+/=_-]{8,}"), HIDDEN),
    (re.compile(r"\beyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*"), HIDDEN),
    (re.compile(r"\b(bearer|basic)\s+[^\s\"']+", re.I), rf"\1 {HIDDEN}"),
    # Also where a password holds what a URL would have to escape: up to the last @ before the path.
    (re.compile(r"([a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s/]*@", re.I), rf"\1:{HIDDEN}@"),
    (re.compile(r"\b(password|passwd)\s*=\s*('[^']*'|\S+)", re.I), rf"\1={HIDDEN}"),
)
"""API keys, webhook secrets, JSON web tokens, authorization headers, passwords in URLs and DSNs."""


def redacted(value: Any) -> Any:
    """The value without secrets; texts inside lists and mappings as well."""
    match value:
        case str():
            for look, instead in _LOOKS:
                value = look.sub(instead, value)
            return value
        case Mapping():
            return {name: redacted_field(str(name), member) for name, member in value.items()}
        case list() | tuple() | set() | frozenset():
            return [redacted(member) for member in value]
        case None | bool() | int() | float():
            return value
    return redacted(str(value))


def redacted_field(name: str, value: Any) -> Any:
    """The value of a named field: nothing of it where the name says that it is a secret."""
    return HIDDEN if _NAMES.search(name) else redacted(value)
