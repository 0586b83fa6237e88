"""What callers are given, as the OpenAPI document names it."""

from __future__ import annotations

from pydantic import BaseModel, Field

from zerocarbon.contracts.base import Id, Instant
from zerocarbon.contracts.reference import Role


class IssuedApiKey(BaseModel):
    """Whose key was issued, for what and until when. The key itself is in a header of the answer."""

    organisation_id: Id
    api_key_id: Id = Field(description="By which the key is revoked.")
    principal_id: Id = Field(description="Who acts with it; a later key for the same one names this id.")
    roles: list[Role]
    expires_at: Instant = Field(examples=["2099-12-31T00:00:00Z"])
