"""The ids of a request, checked like those of a path."""

from __future__ import annotations

from datetime import date

from google.protobuf.message import Message
from pydantic import BaseModel, ConfigDict, ValidationError

from zerocarbon.common.fault import InvalidRequest
from zerocarbon.contracts.base import Id
from zerocarbon.declaration.service.periods import Named


class Place(BaseModel):
    """Where a request belongs. A request has some of these ids; those that it has must be UUIDs."""

    model_config = ConfigDict(frozen=True)

    organisation_id: Id | None = None
    factory_id: Id | None = None
    person_id: Id | None = None
    plan_id: Id | None = None
    claim_id: Id | None = None
    inventory_id: Id | None = None
    statement_id: Id | None = None
    start: date | None = None
    end: date | None = None

    def named(self) -> Named:
        """What the request names, to find the period that it is about."""
        return Named(
            factory_id=self.factory_id or "",
            claim_id=self.claim_id,
            statement_id=self.statement_id,
            inventory_id=self.inventory_id,
            start=self.start,
            end=self.end,
        )

    def within(self) -> tuple[date, date] | None:
        """The bounds of a list, if it has both."""
        return (self.start, self.end) if self.start is not None and self.end is not None else None


def place_of(request: Message) -> Place:
    """The ids of a request.

    Raises:
        InvalidRequest: one of them is no UUID, or a bound no day.
    """
    fields = request.DESCRIPTOR.fields_by_name
    named = [name for name in Place.model_fields if name in fields]
    present = [name for name in named if not fields[name].has_presence or request.HasField(name)]
    try:
        return Place.model_validate({name: getattr(request, name) for name in present})
    except ValidationError as error:
        raise InvalidRequest(error) from error
