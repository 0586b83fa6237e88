"""The secrets by which registries sign, sealed."""

from __future__ import annotations

from datetime import datetime

from zerocarbon.certificates.store.secret_box import SecretBox
from zerocarbon.common.postgres.session import Connection


async def add(
    connection: Connection,
    box: SecretBox,
    registry: str,
    secret_id: str,
    secret: bytes,
    made_at: datetime,
    others_until: datetime,
) -> None:
    """Adds a secret; those before it are accepted until a moment, so that a registry can change over."""
    await connection.execute(
        "UPDATE registry_secret SET accepted_until = $2"
        " WHERE registry = $1 AND (accepted_until IS NULL OR accepted_until > $2)",
        registry,
        others_until,
    )
    await connection.execute(
        "INSERT INTO registry_secret (secret_id, registry, sealed, made_at) VALUES ($1, $2, $3, $4)",
        secret_id,
        registry,
        box.seal(secret, _purpose(registry, secret_id)),
        made_at,
    )


async def accepted(connection: Connection, box: SecretBox, registry: str, at: datetime) -> list[bytes]:
    """The secrets of a registry that are accepted now, newest first."""
    rows = await connection.fetch(
        "SELECT secret_id::text, sealed FROM registry_secret WHERE registry = $1"
        " AND (accepted_until IS NULL OR accepted_until > $2) ORDER BY made_at DESC, secret_id DESC",
        registry,
        at,
    )
    return [box.open(row["sealed"], _purpose(registry, row["secret_id"])) for row in rows]


def _purpose(registry: str, secret_id: str) -> str:
    return f"registry-secret/{registry}/{secret_id}"
