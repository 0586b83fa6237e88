"""The published keys of an OpenID Connect issuer, kept for a while and fetched by one task at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey

KEPT_SECONDS = 300.0
"""How long keys are used without asking again."""

STALE_SECONDS = 3600.0
"""How long they are used while the issuer does not answer. A key it withdrew lives no longer than this."""

PAUSE_SECONDS = 5.0
"""Between two questions to the issuer, so that made-up key ids and outages do not become load on it."""

TIMEOUT_SECONDS = 5.0
SMALLEST_RSA_BITS = 2048
_log = structlog.get_logger(__name__)


class KeysOfIssuer:
    """Public keys by their id.

    A caller may assume: nothing is raised when the issuer is away or answers nonsense, and such keys as
    were known go on for an hour at most. It may not assume that a key it was given is still published.
    `steady` is the machine's steady clock: only ages are measured with it.
    """

    def __init__(
        self, url: str, client: httpx.AsyncClient, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = url
        self._client = client
        self._steady = steady
        self._keys: dict[str, Key] = {}
        self._fetched: float | None = None
        self._asked: float | None = None
        self._asking = asyncio.Lock()

    async def key(self, key_id: str) -> Key | None:
        """The key of that id; an unknown id is asked for again, within reason."""
        if self._age(self._fetched) > KEPT_SECONDS or key_id not in self._keys:
            await self._refresh(key_id)
        return self._keys.get(key_id) if self._age(self._fetched) <= STALE_SECONDS else None

    def _age(self, since: float | None) -> float:
        return float("inf") if since is None else self._steady() - since

    async def _refresh(self, key_id: str) -> None:
        async with self._asking:
            # Whoever waited here may find that the one before fetched it all.
            if key_id in self._keys and self._age(self._fetched) <= KEPT_SECONDS:
                return
            if self._age(self._asked) < PAUSE_SECONDS:
                return
            self._asked = self._steady()
            try:
                answer = await self._client.get(self._url, timeout=TIMEOUT_SECONDS)
                answer.raise_for_status()
                published = answer.json()
                listed = published["keys"]
                keys = dict(pair for item in listed if (pair := _verifying(item)) is not None)
            except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError, TypeError) as lost:
                _log.warning("keys of the issuer not fetched", url=self._url, reason=repr(lost))
                return
            self._keys, self._fetched = keys, self._steady()


def _verifying(item: Any) -> tuple[str, Key] | None:
    """A key that may verify signatures, with its id. Others, and what cannot be read, are passed over:
    issuers publish keys for encryption and of coming kinds in the same set."""
    if not isinstance(item, dict):
        return None
    key_id = item.get("kid")
    if not isinstance(key_id, str) or item.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key(item)
        fit = isinstance(key, ECKey | OKPKey) or (
            isinstance(key, RSAKey) and key.raw_value.key_size >= SMALLEST_RSA_BITS
        )
    except (JoseError, ValueError, TypeError, KeyError) as unreadable:
        _log.info("key of the issuer passed over", key_id=key_id, reason=str(unreadable))
        return None
    return (key_id, key) if fit and not key.is_private else None
