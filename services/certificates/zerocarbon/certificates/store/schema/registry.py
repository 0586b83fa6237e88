"""What registries told us, in their own numbering, and the secrets by which they sign. For workers only."""

from __future__ import annotations

from zerocarbon.common.postgres.rights import grant

_TABLES = """
CREATE TABLE registry_stream (
    registry text PRIMARY KEY,
    next_sequence bigint NOT NULL DEFAULT 1 CHECK (next_sequence > 0),
    stopped_at bigint CHECK (stopped_at > next_sequence)
);

CREATE TABLE registry_notice (
    registry text NOT NULL REFERENCES registry_stream (registry),
    sequence bigint NOT NULL,
    sha256 text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('applied', 'refused')),
    answer jsonb NOT NULL,
    taken_at timestamptz NOT NULL,
    PRIMARY KEY (registry, sequence)
);

CREATE TABLE registry_early_notice (
    registry text NOT NULL REFERENCES registry_stream (registry),
    sequence bigint NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (registry, sequence)
);

CREATE TABLE registry_secret (
    secret_id uuid PRIMARY KEY,
    registry text NOT NULL,
    sealed bytea NOT NULL,
    made_at timestamptz NOT NULL,
    accepted_until timestamptz
);

CREATE INDEX registry_secret_of ON registry_secret (registry)
"""


def statements(service: str) -> list[str]:
    """Tables and rights."""
    return [
        _TABLES,
        *grant(service, "registry_stream, registry_secret", "", "SELECT, INSERT, UPDATE"),
        *grant(service, "registry_notice", "", "SELECT, INSERT"),
        *grant(service, "registry_early_notice", "", "SELECT, INSERT, DELETE"),
    ]
