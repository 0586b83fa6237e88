"""The tables of a service's consumers, for its first migration."""

from __future__ import annotations

from zerocarbon.common.postgres.rights import grant
from zerocarbon.common.postgres.tenancy import enable_tenancy

_TABLES = """
CREATE TABLE consumer_offset (
    consumer text NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    position text,
    epoch bigint NOT NULL CHECK (epoch > 0),
    owner text NOT NULL,
    halted text,
    moved_at timestamptz,
    PRIMARY KEY (consumer, topic, partition)
) WITH (fillfactor = 50);

CREATE TABLE parked_event (
    consumer text NOT NULL,
    topic text NOT NULL,
    partition int NOT NULL,
    record_offset bigint NOT NULL,
    event_id text,
    type text,
    key text NOT NULL,
    attributes text NOT NULL,
    value bytea,
    size int NOT NULL,
    reason text NOT NULL,
    parked_at timestamptz NOT NULL DEFAULT now(),
    replayed_at timestamptz,
    PRIMARY KEY (consumer, topic, partition, record_offset)
);

CREATE INDEX parked_event_waiting ON parked_event (consumer, key) WHERE replayed_at IS NULL;

CREATE INDEX parked_event_by_id ON parked_event (consumer, event_id);

CREATE TABLE timer (
    subject text NOT NULL,
    rule text NOT NULL,
    due timestamptz NOT NULL,
    organisation_id uuid NOT NULL,
    attempts int NOT NULL DEFAULT 0,
    fired_at timestamptz,
    PRIMARY KEY (subject, rule, due)
);

CREATE INDEX timer_waiting ON timer (attempts, due) WHERE fired_at IS NULL;
"""


def statements(service: str) -> list[str]:
    """Tables, rights and tenancy. Only workers consume; requests set timers of their organisation."""
    return [
        _TABLES,
        *grant(service, "consumer_offset, parked_event", "", "SELECT, INSERT, UPDATE, DELETE"),
        *grant(service, "timer", "SELECT, INSERT, DELETE", "SELECT, INSERT, UPDATE, DELETE"),
        *enable_tenancy("timer", service),
    ]
