"""One representative event of each type, made from its schema: documentation, and the first golden file.

Nothing here is data of anybody: the values are made up and the same on every run.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from zerocarbon.contracts.base import Event
from zerocarbon.contracts.schemas import Schema, fields_schema
from zerocarbon.proof.canonical import sha256_hex

_NAMESPACE = uuid.UUID("5d7a2c0e-6f0b-4d0c-9a53-0a3c1e5b7f21")

_TEXTS = {
    "accreditation": "ISO 14065, CNAS V0001",
    "body": "Example Verification Ltd.",
    "boundary": "All buildings within the fence of the plant; scopes 1, 2 and 3.",
    "category": "purchased electricity",
    "clause": "table 1",
    "country": "CN",
    "criteria": "ISO 14064-3:2019",
    "factor": "grid-jiangsu",
    "formula": "quantity * factor",
    "gas": "CO2",
    "grid_region": "jiangsu",
    "industry": "photovoltaic cells and modules",
    "iso_category": "2.1",
    "location": "Xinjiang",
    "name_en": "Example Plant",
    "name_zh": "示例工厂",
    "profile": "GHG Protocol",
    "region": "jiangsu",
    "registry": "Example Registry",
    "rung": "province",
    "scheme": "I-REC",
    "serial": "0000-0000-0001",
    "statement_en": "The plant shall be carbon neutral in 2025.",
    "statement_zh": "工厂将于2025年实现碳中和。",
    "technology": "onshore wind",
    "time_zone": "Asia/Shanghai",
    "unit": "kWh",
}
_DATES = {"start": "2024-01-01", "end": "2025-01-01", "declared_on": "2025-06-30"}
_INSTANTS = {"start": "2023-12-31T16:00:00Z", "end": "2024-12-31T16:00:00Z"}
_DECIMALS = {"quantity": "959636.71", "materiality_percent": "5", "reduction_percent": "4.2"}
_INTEGERS = {"low": 200, "high": 1200, "interval_seconds": 900, "revision": 2, "year": 2022}
_PATTERNS = ("{8}-", "{64}", "a-z", "0-9")
"""What tells the patterns of ids, digests, codes and decimals apart, in this order."""


def example(event: type[Event]) -> Event:
    """A valid event of the type with every field filled."""
    schema = fields_schema(event)
    return event.model_validate(_Example(schema.get("$defs", {})).fields(schema))


def example_of(schema: Schema, definitions: Schema) -> Any:
    """A value that fits a JSON Schema, every field filled; `definitions` is what its `$ref`s name."""
    return _Example(definitions).value("", schema)


class _Example:
    """Makes values for one schema. Shape decides first, then the field's name."""

    def __init__(self, definitions: Schema) -> None:
        self._definitions = definitions
        self._makers: dict[str, Callable[[str, Schema], Any]] = {
            "array": self._array,
            "boolean": lambda _name, _schema: True,
            "integer": lambda name, schema: _INTEGERS.get(name, max(1, schema.get("minimum", 1))),
            "object": self._object,
            "string": _string,
        }

    def fields(self, schema: Schema) -> dict[str, Any]:
        """A value for each property."""
        return {name: self.value(name, member) for name, member in schema["properties"].items()}

    def value(self, name: str, schema: Schema) -> Any:
        """A value for one field: the example that stands with it, else one of its shape."""
        if "examples" in schema:
            return schema["examples"][0]
        if "$ref" in schema:
            return self.value(name, self._definitions[schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            return self.value(name, next(one for one in schema["anyOf"] if one.get("type") != "null"))
        choices = [schema["const"]] if "const" in schema else schema.get("enum")
        return choices[0] if choices else self._makers[schema["type"]](name, schema)

    def _array(self, name: str, schema: Schema) -> list[Any]:
        return [self.value(name, schema["items"])] * int(schema.get("minItems", 1))

    def _object(self, _name: str, schema: Schema) -> dict[str, Any]:
        return self.fields(schema) if "properties" in schema else {"roof-owner": "own"}


def _string(name: str, schema: Schema) -> str:
    pattern = schema.get("pattern", "")
    kind = schema.get("format") or next(
        (part for part in ("{8}-", "{64}", "a-z", "0-9") if part in pattern), ""
    )
    by_kind: dict[str, Callable[[], str]] = {
        "": lambda: _TEXTS.get(name, name.replace("_", " ")),
        "date": lambda: _DATES.get(name, "2025-03-31"),
        "date-time": lambda: _INSTANTS.get(name, "2025-03-31T01:00:00Z"),
        "{8}-": lambda: str(uuid.uuid5(_NAMESPACE, name)),
        "{64}": lambda: sha256_hex(name.encode()),
        "a-z": lambda: _TEXTS.get(name, name).lower().replace("_", "-").replace(" ", "-"),
        "0-9": lambda: _DECIMALS.get(name, "1234.5"),
    }
    return by_kind[kind]()
