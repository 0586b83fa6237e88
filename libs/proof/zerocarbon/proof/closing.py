"""The hash that stands for a closed inventory: over its facts, free of random ids and clocks.

An opinion binds this hash, and a stranger recomputes it from the bundle. Who prepared, reviewed or approved,
when the close ran and how events were numbered is not in it, so equal facts have equal hashes on any bus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from zerocarbon.proof.canonical import Json, canonical_bytes, sha256_hex
from zerocarbon.proof.json_fields import JsonObject, tables, text, whole

FACTS = (
    "factory",
    "period",
    "profile",
    "version",
    "knowledge_date",
    "consolidation",
    "gwp_set",
    "totals",
    "readings_root",
    "readings_count",
    "attribution",
)
"""Fields of `inventory-closed` that enter the hash as they are; one that is absent leaves no trace in it."""


def inventory_sha256(closed: JsonObject) -> str:
    """Lower-case hexadecimal SHA-256 of an inventory.

    Args:
        closed: `contracts.inventory.InventoryClosed` as JSON; its own `inventory_sha256` may be absent or
            anything. Null fields and the order of lists make no difference, but for the attribution of a
            restatement, whose parts have one order.

    Raises:
        BadField: a list of the form is missing or malformed.
    """
    facts: dict[str, Json] = {name: closed.get(name) for name in FACTS}
    facts["lines"] = _sorted(tables(closed, "lines"), lambda line: text(line, "line"))
    facts["screening"] = _sorted(
        tables(closed, "screening"), lambda answer: f"{whole(answer, 'category'):02}"
    )
    facts["coverage"] = _sorted(tables(closed, "coverage"), lambda meter: text(meter, "meter"))
    exclusions = [
        {name: value for name, value in left.items() if name != "approver_id"}
        for left in tables(closed, "exclusions")
    ]
    facts["exclusions"] = _sorted(exclusions, lambda left: text(left, "source"))
    if closed.get("not_counted"):
        facts["not_counted"] = _sorted(tables(closed, "not_counted"), lambda one: text(one, "source"))
    return sha256_hex(canonical_bytes(_without_null(facts)))


def _sorted(items: Iterable[JsonObject], key: Callable[[JsonObject], str]) -> list[JsonObject]:
    return sorted(items, key=key)


def _without_null(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _without_null(item) for key, item in value.items() if item is not None}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_without_null(item) for item in value]
    return value
