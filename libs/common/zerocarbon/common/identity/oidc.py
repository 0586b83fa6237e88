"""OpenID Connect bearer tokens, checked against the issuer's published keys."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, cast, get_args
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.errors import JoseError

from zerocarbon.common.clock import MachineClock, SystemClock
from zerocarbon.common.identity.jwks import KeysOfIssuer
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.reference import Role

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""Signatures by a private key only: with `none` or an HMAC anybody could write a token."""

ORGANISATIONS_CLAIM = "zerocarbon_organisations"
LONGEST_TOKEN = 16 * 1024
LEEWAY_SECONDS = 30
"""How far the issuer's clock and ours may differ."""

_ROLES: frozenset[str] = frozenset(get_args(Role))


class OidcAuthenticator:
    """Implements `Authenticator` for access tokens of one issuer and one audience.

    The claim `zerocarbon_organisations` maps organisation ids to lists of roles; unknown roles and what is
    no id are ignored. A token has to name its key, its algorithm, subject and expiry.
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        jwks_url: str,
        client: httpx.AsyncClient,
        system_clock: SystemClock | None = None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = KeysOfIssuer(jwks_url, client, steady)
        self._clock = system_clock if system_clock is not None else MachineClock()

    async def authenticate(self, credential: str) -> Principal | None:
        """The subject of a valid token, or nothing."""
        key_id = _named_key(credential)
        key = await self._keys.key(key_id) if key_id is not None else None
        if key is None:
            return None
        try:
            claims = jwt.decode(credential, key, algorithms=list(ALGORITHMS)).claims
            jwt.JWTClaimsRegistry(
                now=int(self._clock.now().timestamp()),
                leeway=LEEWAY_SECONDS,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._audience},
                exp={"essential": True},
                sub={"essential": True},
            ).validate(claims)
        except (JoseError, ValueError, TypeError):
            return None
        subject = claims["sub"]
        if not isinstance(subject, str) or not subject:
            return None
        return Principal(natural_id("oidc", self._issuer, subject), _memberships(claims))


def _named_key(token: str) -> str | None:
    """The key id of what may be a token; nothing is asked of the issuer for anything else."""
    head, *rest = token.split(".")
    if len(rest) != 2 or len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    try:
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        return None
    if not isinstance(header, dict) or header.get("alg") not in ALGORITHMS:
        return None
    key_id = header.get("kid")
    return key_id if isinstance(key_id, str) else None


def _memberships(claims: Mapping[str, Any]) -> dict[str, frozenset[Role]]:
    named = claims.get(ORGANISATIONS_CLAIM)
    memberships: dict[str, frozenset[Role]] = {}
    for organisation, roles in named.items() if isinstance(named, dict) else ():
        try:
            organisation_id = str(UUID(organisation))
        except ValueError:
            continue
        if isinstance(roles, list):
            known = _ROLES & {role for role in roles if isinstance(role, str)}
            memberships[organisation_id] = cast("frozenset[Role]", known)
    return memberships
