"""Bearer tokens: whose are accepted, and what an issuer that is away or answers nonsense does."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from zerocarbon.common.clock import FixedClock
from zerocarbon.common.identity.jwks import KEPT_SECONDS, PAUSE_SECONDS, STALE_SECONDS
from zerocarbon.common.identity.oidc import LEEWAY_SECONDS, OidcAuthenticator
from zerocarbon.common.ids import natural_id

ISSUER, AUDIENCE = "https://login.example", "zerocarbon"
NOW = datetime(2025, 6, 30, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
ORGANISATION = "0190a000-0000-7000-8000-000000000001"
KEY = ECKey.generate_key("P-256", {"kid": "k1", "use": "sig"})
OTHER = ECKey.generate_key("P-256", {"kid": "k2", "use": "sig"})
RSA = RSAKey.generate_key(2048, {"kid": "r1"})


def public(*keys: ECKey | RSAKey) -> dict[str, Any]:
    return {"keys": [key.as_dict(private=False) for key in keys]}


class Issuer:
    """Plays the issuer's key set, and counts who asks."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked = 0
        self.steady = 1000.0
        self.clock = FixedClock(NOW)
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._respond))
        self.authenticator = OidcAuthenticator(
            ISSUER, AUDIENCE, f"{ISSUER}/jwks", client, self.clock, lambda: self.steady
        )

    def _respond(self, _request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        if isinstance(self.answer, httpx.Response):
            return self.answer
        return httpx.Response(200, json=self.answer)

    async def accepts(self, credential: str) -> bool:
        return await self.authenticator.authenticate(credential) is not None


def claims(**changes: Any) -> dict[str, Any]:
    given = {"iss": ISSUER, "aud": AUDIENCE, "sub": "somebody", "exp": SECONDS + 600, **changes}
    return {name: value for name, value in given.items() if value is not None}


def token(key: Any = KEY, alg: str = "ES256", kid: str | None = "k1", **changes: Any) -> str:
    header = {"alg": alg, **({"kid": kid} if kid is not None else {})}
    return jwt.encode(header, claims(**changes), key, algorithms=[alg])


def unsigned(alg: str) -> str:
    parts = ({"alg": alg, "kid": "k1"}, claims())
    return ".".join(
        [*(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts), ""]
    )


async def test_a_valid_token_names_its_subject_and_roles() -> None:
    issuer = Issuer(public(KEY, RSA))
    named = {
        ORGANISATION.upper(): ["operator", "owner-of-everything", 7],
        "not-an-id": ["admin"],
        "0190a000-0000-7000-8000-000000000002": "admin",
    }
    principal = await issuer.authenticator.authenticate(token(zerocarbon_organisations=named))
    assert principal is not None
    assert principal.principal_id == natural_id("oidc", ISSUER, "somebody")
    assert dict(principal.memberships) == {ORGANISATION: frozenset({"operator"})}
    assert not principal.installation_admin
    assert await issuer.accepts(token(RSA, "RS256", "r1"))
    assert await issuer.accepts(token(aud=["another", AUDIENCE]))
    assert issuer.asked == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"aud": None},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"exp": SECONDS - LEEWAY_SECONDS - 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"nbf": SECONDS + LEEWAY_SECONDS + 10},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"zerocarbon_organisations": None, "sub": ["somebody"]},
    ],
)
async def test_wrong_claims_let_nobody_in(changes: dict[str, Any]) -> None:
    assert not await Issuer(public(KEY)).accepts(token(**changes))


async def test_only_signatures_by_the_named_published_key_count() -> None:
    issuer = Issuer(public(KEY))
    shared = OctKey.import_key(json.dumps(KEY.as_dict(private=False)))
    for credential in (
        token(OTHER, kid="k1"),
        token(OTHER, kid="k2"),
        token(kid=None),
        token(shared, "HS256", "k1"),
        unsigned("none"),
        unsigned("ES256"),
        token()[:-4] + "AAAA",
        "a.b.c",
        "..",
        "zc_key",
        "e30.e30.e30",
        "W10.e30.e30",
        "é.é.é",
        "a." * 30_000,
        ("[" * 9000) + ".b.c",
    ):
        assert not await issuer.accepts(credential), credential[:60]


async def test_what_is_no_token_asks_nothing_of_the_issuer() -> None:
    issuer = Issuer(public(KEY))
    for credential in ("zc_key", "a.b.c", unsigned("none"), token(kid=None)):
        assert not await issuer.accepts(credential)
    assert issuer.asked == 0


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("no route"),
        httpx.ReadTimeout("slow"),
        httpx.Response(500, text="down"),
        httpx.Response(302, headers={"Location": "https://elsewhere.example/jwks"}),
        httpx.Response(200, text="<html>"),
        [],
        {},
        {"keys": None},
        {"keys": [1, "x"]},
        {"keys": []},
    ],
)
async def test_an_issuer_that_fails_lets_nobody_in_and_raises_nothing(answer: Any) -> None:
    assert not await Issuer(answer).accepts(token())


async def test_keys_that_cannot_verify_do_not_hide_those_that_can() -> None:
    odd = [
        {"kty": "future", "kid": "f"},
        {"kty": "RSA", "kid": "broken"},
        {"kty": "oct", "kid": "shared", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0"},
        {**OTHER.as_dict(private=False), "use": "enc"},
        {"kty": "EC"},
    ]
    issuer = Issuer({"keys": [*odd, *public(KEY)["keys"]]})
    assert await issuer.accepts(token())
    assert not await issuer.accepts(token(OTHER, kid="k2")), "a key for encryption verified a signature"


async def test_a_new_key_is_found_and_a_made_up_one_does_not_flood_the_issuer() -> None:
    issuer = Issuer(public(KEY))
    assert await issuer.accepts(token())
    issuer.answer = public(KEY, OTHER)
    for _ in range(20):
        assert not await issuer.accepts(token(OTHER, kid="k2")), "asked again too soon"
    assert issuer.asked == 1
    issuer.steady += PAUSE_SECONDS
    assert await issuer.accepts(token(OTHER, kid="k2"))
    for number in range(20):
        assert not await issuer.accepts(token(OTHER, kid=f"made-up-{number}"))
    assert issuer.asked == 2


async def test_a_withdrawn_key_is_forgotten() -> None:
    issuer = Issuer(public(KEY, OTHER))
    assert await issuer.accepts(token(OTHER, kid="k2"))
    issuer.answer = public(KEY)
    issuer.steady += KEPT_SECONDS + 1
    assert not await issuer.accepts(token(OTHER, kid="k2"))
    assert await issuer.accepts(token())


async def test_known_keys_outlive_an_outage_for_an_hour_only() -> None:
    issuer = Issuer(public(KEY))
    assert await issuer.accepts(token())
    issuer.answer = httpx.ConnectError("away")
    issuer.steady += STALE_SECONDS - 1
    assert await issuer.accepts(token())
    issuer.steady += 2
    assert not await issuer.accepts(token())
    issuer.answer = public(KEY)
    issuer.steady += PAUSE_SECONDS
    assert await issuer.accepts(token())


async def test_a_token_ends_by_the_system_clock() -> None:
    issuer = Issuer(public(KEY))
    steps: list[tuple[int, Callable[[bool], bool]]] = [
        (599, bool),
        (600 + LEEWAY_SECONDS + 1, lambda it: not it),
    ]
    for seconds, holds in steps:
        issuer.clock.set(datetime.fromtimestamp(SECONDS + seconds, UTC))
        assert holds(await issuer.accepts(token())), seconds
