"""Who may do what with declarations, and the parts that all routes share."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse

from zerocarbon.common.http.context import ServiceContext
from zerocarbon.common.http.scope import CommandOptions, allow, command_options, context_of
from zerocarbon.common.identity.access import Scope

SERVICE = "declaration"
BASE = "/declaration/v1"
FACTORY = BASE + "/organisations/{organisation_id}/factories/{factory_id}"

PREPARERS = ("preparer", "admin")
APPROVERS = ("reviewer", "admin")
VERIFIERS = ("verifier",)
READERS = ("operator", "preparer", "reviewer", "verifier", "admin")

Preparer = Annotated[Scope, Depends(allow(SERVICE, *PREPARERS))]
Approver = Annotated[Scope, Depends(allow(SERVICE, *APPROVERS))]
Verifier = Annotated[Scope, Depends(allow(SERVICE, *VERIFIERS))]
Reader = Annotated[Scope, Depends(allow(SERVICE, *READERS))]
Options = Annotated[CommandOptions, Depends(command_options)]


def service_of(request: Request) -> ServiceContext:
    """The running service's parts."""
    return context_of(request, SERVICE)


def versioned(answer: tuple[dict[str, Any], int]) -> Response:
    """A body with the version of the factory's stream as `ETag`."""
    body, version = answer
    return JSONResponse(body, headers={"ETag": f'"{version}"'})
