"""The tables of a service's relays, for its first migration."""

from __future__ import annotations

from zerocarbon.common.postgres.rights import grant

_TABLES = """
CREATE TABLE relay_state (
    relay text PRIMARY KEY,
    incarnation uuid NOT NULL,
    event_epoch int NOT NULL DEFAULT 1,
    tx bigint NOT NULL DEFAULT 0,
    position bigint NOT NULL DEFAULT 0,
    epoch bigint NOT NULL CHECK (epoch > 0),
    owner text NOT NULL,
    moved_at timestamptz
) WITH (fillfactor = 50);

CREATE TABLE relay_sequence (
    relay text NOT NULL REFERENCES relay_state,
    topic text NOT NULL,
    partition int NOT NULL,
    next bigint NOT NULL CHECK (next > 1),
    last_id uuid NOT NULL,
    PRIMARY KEY (relay, topic, partition)
) WITH (fillfactor = 50);

CREATE TABLE relay_topic (
    relay text NOT NULL REFERENCES relay_state,
    topic text NOT NULL,
    partitions int NOT NULL CHECK (partitions > 0),
    PRIMARY KEY (relay, topic)
);
"""


def statements(service: str) -> list[str]:
    """Tables and rights; only workers publish."""
    return [
        _TABLES,
        *grant(service, "relay_state, relay_topic", "", "SELECT, INSERT, UPDATE"),
        *grant(service, "relay_sequence", "", "SELECT, INSERT, UPDATE, DELETE"),
    ]
