"""Which standard and which day a caller asks about."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from zerocarbon.common.fault import InvalidRequest
from zerocarbon.contracts.declaration import Standard


class Asked(BaseModel):
    """The optional `standard` and `on` of a request, checked like the query of a URL."""

    model_config = ConfigDict(frozen=True)

    standard: Standard | None = None
    on: date | None = None

    @classmethod
    def of(cls, request: Any) -> Asked:
        """Reads them.

        Raises:
            InvalidRequest: no such standard, or no day.
        """
        given = {name: getattr(request, name) for name in ("standard", "on") if request.HasField(name)}
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise InvalidRequest(error) from error
