"""What a command answers, in the form in which it is kept and repeated."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a JSON body and the version of what was changed, for the ETag."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    version: int | None = None

    def to_bytes(self) -> bytes:
        """The bytes that are stored with the idempotency key."""
        return json.dumps({"body": self.body, "version": self.version}, ensure_ascii=False).encode()

    @classmethod
    def from_bytes(cls, status: int, data: bytes) -> Answer:
        """Reads back what `to_bytes` wrote."""
        read = json.loads(data)
        return cls(status, read["body"], read["version"])
