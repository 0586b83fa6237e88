"""Who sent a notice: Standard Webhooks signatures, by a secret that registry and installation share."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from zerocarbon.certificates.store import registry_secrets
from zerocarbon.certificates.store.secret_box import box_in
from zerocarbon.common.clock import SystemClock
from zerocarbon.common.ids import new_id
from zerocarbon.common.postgres.database import Database

PREFIX = "whsec_"
BYTES = 32
CHANGE_OVER = timedelta(days=1)
"""How long the secret before stays accepted after a new one was made."""


class Forged(Exception):
    """No accepted secret made this signature, or its time lies outside the window of five minutes."""


class Signatures:
    """The secrets of registries: made once, shown once, checked at every notice, never logged."""

    def __init__(self, database: Database, directory: Path, clock: SystemClock) -> None:
        self._database = database
        self._directory = directory
        self._clock = clock

    async def new_secret(self, registry: str) -> tuple[str, str]:
        """A new secret's id and the secret, to be shown this once."""
        secret, secret_id, now = secrets.token_bytes(BYTES), new_id(), self._clock.now()
        box = box_in(self._directory)
        async with self._database.worker() as session:
            await registry_secrets.add(
                session.connection, box, registry, secret_id, secret, now, now + CHANGE_OVER
            )
        return secret_id, PREFIX + base64.b64encode(secret).decode()

    async def check(self, registry: str, headers: Mapping[str, str], body: bytes) -> None:
        """Checks `webhook-id`, `webhook-timestamp` and `webhook-signature` over the very bytes of the body.

        Raises:
            Forged: also for a registry without a secret, which looks the same from outside.
        """
        box = box_in(self._directory)
        async with self._database.worker() as session:
            accepted = await registry_secrets.accepted(session.connection, box, registry, self._clock.now())
        for secret in accepted:
            try:
                Webhook(secret).verify(body, dict(headers), json_parse=False)
            except (WebhookVerificationError, ValueError):
                continue
            return
        raise Forged(registry)
