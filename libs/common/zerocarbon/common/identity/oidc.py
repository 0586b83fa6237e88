"""OpenID Connect bearer tokens, checked against the issuer's published keys."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, cast, get_args

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.ids import natural_id
from zerocarbon.contracts.reference import Role

ALGORITHMS = ["RS256", "ES256", "EdDSA", "Ed25519"]
ORGANISATIONS_CLAIM = "zerocarbon_organisations"
KEYS_KEPT_FOR = 300.0
_ROLES: frozenset[str] = frozenset(get_args(Role))


class OidcAuthenticator:
    """Accepts tokens of one issuer for one audience.

    The claim `zerocarbon_organisations` maps organisation ids to lists of roles; unknown roles are ignored.
    Keys are fetched again after five minutes, and once at once when a token names an unknown key.
    """

    def __init__(self, issuer: str, audience: str, jwks_url: str, client: httpx.AsyncClient) -> None:
        self._issuer = issuer
        self._audience = audience
        self._jwks_url = jwks_url
        self._client = client
        self._keys: KeySet | None = None
        self._fetched = 0.0

    async def authenticate(self, token: str) -> Principal | None:
        """The subject of a valid token, or nothing."""
        for fresh in (False, True):
            try:
                decoded = jwt.decode(token, await self._key_set(fresh), algorithms=ALGORITHMS)
                claims = decoded.claims
                jwt.JWTClaimsRegistry(
                    iss={"essential": True, "value": self._issuer},
                    aud={"essential": True, "value": self._audience},
                    exp={"essential": True},
                    sub={"essential": True},
                ).validate(claims)
            except (JoseError, ValueError):
                continue
            return self._principal(claims)
        return None

    def _principal(self, claims: Mapping[str, Any]) -> Principal:
        memberships: dict[str, frozenset[Role]] = {}
        named = claims.get(ORGANISATIONS_CLAIM, {})
        if isinstance(named, dict):
            for organisation, roles in named.items():
                if isinstance(roles, list):
                    memberships[organisation] = cast("frozenset[Role]", _ROLES & frozenset(map(str, roles)))
        return Principal(natural_id("oidc", self._issuer, str(claims["sub"])), memberships)

    async def _key_set(self, fresh: bool) -> KeySet:
        # The machine's steady clock: only the age of a cache is measured here.
        age = time.monotonic() - self._fetched
        if self._keys is None or age > KEYS_KEPT_FOR or (fresh and age > 1):
            answer = await self._client.get(self._jwks_url, timeout=5)
            answer.raise_for_status()
            self._keys = KeySet.import_key_set(answer.json())
            self._fetched = time.monotonic()
        return self._keys
