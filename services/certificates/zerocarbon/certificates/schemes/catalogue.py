"""Reads the scheme files that come with the package."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from zerocarbon.certificates.domain.scheme import (
    Counting,
    GenerationWindow,
    IssuedBy,
    IssueRule,
    PermittedPurpose,
    Scheme,
    Source,
    Technologies,
    TransferLimit,
    Unsubsidised,
    Validity,
)

_HEAD = {"code", "name_en", "name_zh", "issuer", "registry", "unit", "market"}
_RULES = {"generation", "issued_by", "unsubsidised", "technologies", "purposes", "validity", "transfers"}
_CONFIDENCES = {"verified", "seed", "memory"}


class MalformedScheme(Exception):
    """A scheme file says something that this reader does not understand: nothing is guessed."""


@cache
def schemes() -> Mapping[str, Scheme]:
    """All schemes by code."""
    found = [
        read_scheme(tomllib.loads(entry.read_text(encoding="utf-8")))
        for entry in files(__package__).iterdir()
        if entry.name.endswith(".toml")
    ]
    return MappingProxyType({scheme.code: scheme for scheme in sorted(found, key=lambda one: one.code)})


def read_scheme(data: dict[str, Any]) -> Scheme:
    """A scheme from the content of its file.

    Raises:
        MalformedScheme: an unknown key, or a rule without its source.
    """
    unknown = data.keys() - _HEAD - _RULES
    if unknown:
        raise MalformedScheme(f"unknown keys: {', '.join(sorted(unknown))}")
    validity, transfers = data.get("validity"), data.get("transfers")
    return Scheme(
        code=data["code"],
        name_en=data["name_en"],
        name_zh=data["name_zh"],
        issuer=data["issuer"],
        registry=data["registry"],
        unit=data["unit"],
        market=data.get("market"),
        issue_rules=tuple(_issue_rules(data)),
        purposes=tuple(PermittedPurpose(_source(row), row["purpose"]) for row in data.get("purposes", [])),
        validity=_validity(validity) if validity else None,
        transfer_limit=TransferLimit(_source(transfers), transfers["most"]) if transfers else None,
    )


def _validity(row: dict[str, Any]) -> Validity:
    if "counting" not in row:
        raise MalformedScheme("a validity says how its months are counted, and how sure that is")
    counting = row["counting"]
    counted = Counting(_source(counting), counting["with_month_of_generation"])
    return Validity(_source(row), row["months"], row.get("at_least_until"), counted)


def _issue_rules(data: dict[str, Any]) -> list[IssueRule]:
    rules: list[IssueRule] = []
    for row in data.get("generation", []):
        rules.append(GenerationWindow(_source(row), row.get("since"), row.get("until")))
    for row in data.get("issued_by", []):
        rules.append(IssuedBy(_source(row), row["last_day"]))
    for row in data.get("unsubsidised", []):
        rules.append(Unsubsidised(_source(row)))
    for row in data.get("technologies", []):
        rules.append(Technologies(_source(row), tuple(row["allowed"]), row.get("since"), row.get("until")))
    return rules


def _source(row: dict[str, Any]) -> Source:
    missing = {"rule", "title", "clause", "confidence"} - row.keys()
    if missing:
        raise MalformedScheme(f"a rule without {', '.join(sorted(missing))}: {row}")
    if row["confidence"] not in _CONFIDENCES:
        raise MalformedScheme(f"{row['confidence']} is no confidence")
    return Source(row["rule"], row["title"], row["clause"], row["confidence"])
