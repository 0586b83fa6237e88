"""Who may do what with certificates."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query

from zerocarbon.certificates.service.roles import ACTING, READING
from zerocarbon.common.http.scope import CommandOptions, allow, command_options, installation_admin
from zerocarbon.common.identity.access import Scope

SERVICE = "certificates"
PREFIX = "/certificates/v1/organisations/{organisation_id}"

Reader = Annotated[Scope, Depends(allow(SERVICE, *READING))]
Actor = Annotated[Scope, Depends(allow(SERVICE, *ACTING))]
Options = Annotated[CommandOptions, Depends(command_options)]
After = Annotated[str | None, Query(alias="cursor", description="`next` of the page before.", max_length=500)]
Limit = Annotated[int, Query(ge=1, le=1000)]


administrator = installation_admin(SERVICE)
"""A dependency: registries and plants have no tenant."""
