"""The tables of an event store, for a service's first migration.

- `stream_head` carries the version of each stream and is moved by compare-and-set; so the event table needs
  no unique `(stream_id, version)` and can be partitioned by position.
- Reading order is `(epoch, tx, position)`; of the current epoch, only what is below `pg_snapshot_xmin`: a
  number drawn from a sequence may become visible after a higher one, a transaction id below xmin cannot.
  Epochs before the current one are settled. A new one begins where transaction ids may start anew
  (`identity.py`): the column's default is a constant that the owner changes, so it costs an append nothing.
- UPDATE, DELETE and TRUNCATE of events are refused by a trigger, for the owner too.
"""

from __future__ import annotations

from zerocarbon.common.postgres.rights import grant
from zerocarbon.common.postgres.tenancy import enable_tenancy

CHANNEL = "zerocarbon_events"
"""LISTEN here to be woken after commits. Notices may be lost or doubled: they wake, they do not inform."""

PARTITION_SIZE = 50_000_000

_TABLES = """
CREATE TABLE store (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    service text NOT NULL,
    incarnation uuid NOT NULL DEFAULT gen_random_uuid(),
    epoch int NOT NULL DEFAULT 1 CHECK (epoch > 0),
    system_identifier bigint,
    timeline bigint,
    database_oid oid,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nulls(system_identifier, timeline, database_oid) IN (0, 3))
);

CREATE TABLE stream_head (
    stream_id text PRIMARY KEY,
    version bigint NOT NULL CHECK (version > 0),
    organisation_id uuid,
    recorded_at timestamptz NOT NULL
);

CREATE SEQUENCE event_position AS bigint;

CREATE TABLE event (
    position bigint NOT NULL DEFAULT nextval('event_position'),
    epoch int NOT NULL DEFAULT 1,
    tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
    stream_id text NOT NULL,
    version bigint NOT NULL,
    event_id uuid NOT NULL,
    type text NOT NULL,
    topic text NOT NULL,
    key text NOT NULL,
    subject text NOT NULL,
    organisation_id uuid,
    recorded_at timestamptz NOT NULL,
    traceparent text,
    data bytea NOT NULL,
    PRIMARY KEY (position)
) PARTITION BY RANGE (position);

ALTER TABLE event ALTER COLUMN data SET STORAGE EXTERNAL;

CREATE INDEX event_reading_order ON event (epoch, tx, position);

CREATE INDEX event_stream ON event (stream_id, version);

CREATE INDEX event_of_key ON event (topic, key, epoch, tx, position);

CREATE FUNCTION refuse_change_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are immutable: % of % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER events_are_immutable BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_events();

CREATE TRIGGER events_are_not_truncated BEFORE TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events();

CREATE FUNCTION stream_versions_only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.version <= OLD.version OR NEW.stream_id <> OLD.stream_id THEN
        RAISE EXCEPTION 'a stream never goes back: %', OLD.stream_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER stream_versions_only_grow BEFORE UPDATE OR DELETE ON stream_head
    FOR EACH ROW EXECUTE FUNCTION stream_versions_only_grow();

CREATE TABLE snapshot (
    stream_id text PRIMARY KEY,
    organisation_id uuid NOT NULL,
    version bigint NOT NULL,
    fold text NOT NULL,
    state bytea NOT NULL
);
"""


def statements(service: str) -> list[str]:
    """The DDL of an event store that belongs to `service`."""
    bound = PARTITION_SIZE
    return [
        _TABLES,
        *_partition("event_p0", "MINVALUE", str(bound)),
        *_partition("event_later", str(bound), "MAXVALUE"),
        f"INSERT INTO store (service) VALUES ('{service}')",  # noqa: S608 - a name of this product
        *_access(service),
    ]


def _partition(name: str, low: str, high: str) -> list[str]:
    # Triggers for rows reach partitions by themselves, those against TRUNCATE do not.
    return [
        f"CREATE TABLE {name} PARTITION OF event FOR VALUES FROM ({low}) TO ({high})",
        f"CREATE TRIGGER events_are_not_truncated BEFORE TRUNCATE ON {name}"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events()",
    ]


def _access(service: str) -> list[str]:
    # Both roles append and read; nobody changes an event; requests see their organisation only.
    return [
        *grant(service, "event, stream_head, snapshot", "SELECT, INSERT", "SELECT, INSERT"),
        *grant(service, "stream_head, snapshot", "UPDATE", "UPDATE"),
        *grant(service, "store", "SELECT", "SELECT"),
        *grant(service, "SEQUENCE event_position", "USAGE", "USAGE"),
        *enable_tenancy("event", service),
        *enable_tenancy("stream_head", service),
        *enable_tenancy("snapshot", service),
    ]
