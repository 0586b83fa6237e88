"""Who may do what with certificates."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query, Request

from zerocarbon.certificates.service.roles import ACTING, READING
from zerocarbon.common.http.scope import (
    CommandOptions,
    allow,
    command_options,
    context_of,
    principal_of,
)
from zerocarbon.common.identity.access import Denied, Scope

SERVICE = "certificates"
PREFIX = "/certificates/v1/organisations/{organisation_id}"

Reader = Annotated[Scope, Depends(allow(SERVICE, *READING))]
Actor = Annotated[Scope, Depends(allow(SERVICE, *ACTING))]
Options = Annotated[CommandOptions, Depends(command_options)]
After = Annotated[str | None, Query(alias="cursor", description="`next` of the page before.", max_length=500)]
Limit = Annotated[int, Query(ge=1, le=1000)]


async def administrator(request: Request) -> None:
    """A dependency: only the installation's administrator. Registries and plants have no tenant.

    Raises:
        Denied: somebody else.
    """
    principal = await principal_of(request, context_of(request, SERVICE))
    if not principal.installation_admin:
        raise Denied
