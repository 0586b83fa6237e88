"""API keys: 256 random bits, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from zerocarbon.common.clock import SystemClock
from zerocarbon.common.identity.principal import Principal
from zerocarbon.common.ids import natural_id
from zerocarbon.common.postgres.database import Database

PREFIX = "zc_"


def new_key() -> str:
    """A fresh key. A plain digest of it is safe to keep: 256 random bits cannot be guessed."""
    return PREFIX + secrets.token_urlsafe(32)


def key_digest(key: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


class KeyAuthenticator:
    """Tells who holds a key: the installation's administrator, or a principal of one organisation."""

    def __init__(self, database: Database, system_clock: SystemClock, admin_key_sha256: str | None) -> None:
        self._database = database
        self._clock = system_clock
        self._admin = admin_key_sha256

    async def authenticate(self, key: str) -> Principal | None:
        """The holder of a valid key, or nothing."""
        digest = key_digest(key)
        if self._admin is not None and hmac.compare_digest(digest, self._admin):
            return Principal(natural_id("installation-admin"), installation_admin=True)
        if not key.startswith(PREFIX):
            return None  # Some other kind of credential: no question to the database.
        async with self._database.worker() as session:
            row = await session.connection.fetchrow(
                "SELECT principal_id::text, organisation_id::text, roles FROM api_key"
                " WHERE key_sha256 = $1 AND NOT revoked AND expires_at > $2",
                digest,
                self._clock.now(),
            )
        if row is None:
            return None
        return Principal(row["principal_id"], {row["organisation_id"]: frozenset(row["roles"])})
