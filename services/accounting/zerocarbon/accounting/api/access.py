"""Who may do what in accounting."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from zerocarbon.common.http.scope import CommandOptions, allow, command_options
from zerocarbon.common.identity.access import Scope

SERVICE = "accounting"
PREFIX = "/accounting/v1/organisations/{organisation_id}"
FACTORY_PREFIX = f"{PREFIX}/factories/{{factory_id}}"

Preparer = Annotated[Scope, Depends(allow(SERVICE, "preparer", "admin"))]
Reviewer = Annotated[Scope, Depends(allow(SERVICE, "reviewer", "admin"))]
Reader = Annotated[Scope, Depends(allow(SERVICE, "operator", "preparer", "reviewer", "verifier", "admin"))]
Options = Annotated[CommandOptions, Depends(command_options)]
