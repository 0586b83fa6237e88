"""Blocks, their tiles and retirements, and the constraints that hold whatever the application does.

1. *No serial number twice*: blocks exclude each other by registry, number space and range. A range over a
   composite of texts and a number needs no extension for it.
2. *Issued = held + reserved + retired + cancelled + expired + sent out*: the tiles of a block cover it. Each
   tile begins where another ends (`holding_chain`), the last ends with the block (`block_is_covered`), both
   checked at commit; borders are unique. So a hole, an overlap or a lost end cannot be committed.
3. *Tiles are only cut*: the working roles can neither insert nor delete one. A new block gets its first tile
   from a trigger, a shortened tile leaves its remainder to another, with everything it had.
4. *Nothing comes back*: the steps of a unit's state are checked row by row; retired is never freed.
5. *One retirement of a unit*: retirements exclude each other by block and range, and a tile is retired only
   within the range of its retirement.
"""

from __future__ import annotations

from zerocarbon.common.postgres.rights import grant
from zerocarbon.common.postgres.roles import RoleNames
from zerocarbon.common.postgres.tenancy import VISIBLE_ORGANISATIONS, enable_tenancy

_BLOCK = """
CREATE TYPE serial_number AS (registry text COLLATE "C", serial text COLLATE "C", number bigint);

CREATE TYPE serial_numbers AS RANGE (subtype = serial_number);

CREATE TABLE block (
    block_id uuid PRIMARY KEY,
    issued_to uuid NOT NULL,
    scheme text NOT NULL,
    registry text NOT NULL,
    serial text NOT NULL,
    low bigint NOT NULL,
    high bigint NOT NULL,
    unit text NOT NULL CHECK (unit IN ('MWh', 'tCO2e')),
    project jsonb NOT NULL,
    vintage_start date NOT NULL,
    vintage_end date NOT NULL,
    issued_on date NOT NULL,
    expires_on date,
    numbers serial_numbers NOT NULL GENERATED ALWAYS AS (serial_numbers(
        ROW(registry, serial, low)::serial_number, ROW(registry, serial, high)::serial_number)) STORED,
    generation_claim_id uuid GENERATED ALWAYS AS (CASE WHEN unit = 'MWh' THEN block_id END) STORED,
    generation_mwh numeric GENERATED ALWAYS AS (CASE WHEN unit = 'MWh' THEN (high - low)::numeric END) STORED,
    CHECK (0 <= low AND low < high),
    CHECK (vintage_start < vintage_end),
    CONSTRAINT block_serial_numbers EXCLUDE USING gist (numbers WITH &&),
    CONSTRAINT block_range UNIQUE (block_id, low, high, unit),
    CONSTRAINT block_takes_generation FOREIGN KEY (generation_claim_id, generation_mwh)
        REFERENCES generation_claim (claim_id, mwh) DEFERRABLE INITIALLY DEFERRED
);

CREATE INDEX block_project ON block ((project ->> 'code'));

CREATE INDEX block_expiry ON block (expires_on) WHERE expires_on IS NOT NULL;
"""

_RETIREMENT = """
CREATE TYPE block_unit AS (block_id uuid, unit bigint);

CREATE TYPE block_units AS RANGE (subtype = block_unit);

CREATE TABLE retirement (
    retirement_id uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    correlation_id uuid NOT NULL,
    block_id uuid NOT NULL,
    low bigint NOT NULL,
    high bigint NOT NULL,
    unit text NOT NULL,
    retired_on date NOT NULL,
    registry_reference text NOT NULL,
    units block_units NOT NULL GENERATED ALWAYS AS (block_units(
        ROW(block_id, low)::block_unit, ROW(block_id, high)::block_unit)) STORED,
    CHECK (low < high),
    CONSTRAINT retirement_once EXCLUDE USING gist (units WITH &&),
    CONSTRAINT retirement_for_request FOREIGN KEY (correlation_id, organisation_id, unit)
        REFERENCES retirement_request (correlation_id, organisation_id, unit),
    CONSTRAINT retirement_whose UNIQUE (retirement_id, organisation_id, unit)
);

CREATE INDEX retirement_of_request ON retirement (correlation_id);
"""

_HOLDING = """
CREATE TABLE holding (
    block_id uuid NOT NULL,
    low bigint NOT NULL,
    high bigint NOT NULL,
    block_low bigint NOT NULL,
    block_high bigint NOT NULL,
    unit text NOT NULL,
    organisation_id uuid NOT NULL,
    state text NOT NULL
        CHECK (state IN ('held', 'reserved', 'retired', 'cancelled', 'expired', 'sent-out')),
    transfers int NOT NULL DEFAULT 0,
    correlation_id uuid,
    reservation_id uuid,
    expires_at timestamptz,
    submitted boolean NOT NULL DEFAULT false,
    retirement_id uuid,
    begins_at bigint GENERATED ALWAYS AS (CASE WHEN low > block_low THEN low END) STORED,
    PRIMARY KEY (block_id, low),
    CONSTRAINT holding_end UNIQUE (block_id, high),
    CONSTRAINT holding_within_block CHECK (block_low <= low AND low < high AND high <= block_high),
    CONSTRAINT holding_of_block FOREIGN KEY (block_id, block_low, block_high, unit)
        REFERENCES block (block_id, low, high, unit),
    CONSTRAINT holding_chain FOREIGN KEY (block_id, begins_at)
        REFERENCES holding (block_id, high) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT holding_for_request FOREIGN KEY (correlation_id, organisation_id, unit)
        REFERENCES retirement_request (correlation_id, organisation_id, unit),
    CONSTRAINT holding_of_retirement FOREIGN KEY (retirement_id, organisation_id, unit)
        REFERENCES retirement (retirement_id, organisation_id, unit),
    CONSTRAINT holding_reserved_for_something CHECK (
        (state = 'reserved') = (correlation_id IS NOT NULL AND reservation_id IS NOT NULL
            AND expires_at IS NOT NULL)
        AND (state = 'reserved' OR (correlation_id IS NULL AND reservation_id IS NULL
            AND expires_at IS NULL AND NOT submitted))),
    CONSTRAINT holding_retired_for_something CHECK (
        (state <> 'retired' OR retirement_id IS NOT NULL)
        AND (retirement_id IS NULL OR state IN ('retired', 'cancelled', 'sent-out')))
);

ALTER TABLE block ADD CONSTRAINT block_is_covered FOREIGN KEY (block_id, high)
    REFERENCES holding (block_id, high) DEFERRABLE INITIALLY DEFERRED;

CREATE INDEX holding_of_organisation ON holding (organisation_id, block_id, low);

CREATE INDEX holding_of_request ON holding (correlation_id) WHERE correlation_id IS NOT NULL;
"""

_STEPS = """
CREATE FUNCTION first_holding_of_block() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO holding (block_id, low, high, block_low, block_high, unit, organisation_id, state)
    VALUES (NEW.block_id, NEW.low, NEW.high, NEW.low, NEW.high, NEW.unit,
            NEW.issued_to, 'held');
    RETURN NULL;
END $$;

CREATE TRIGGER block_begins_as_one_holding AFTER INSERT ON block
    FOR EACH ROW EXECUTE FUNCTION first_holding_of_block();

CREATE FUNCTION check_step_of_holding() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.block_id, NEW.low, NEW.block_low, NEW.block_high, NEW.unit) IS DISTINCT FROM
       (OLD.block_id, OLD.low, OLD.block_low, OLD.block_high, OLD.unit) OR NEW.high > OLD.high THEN
        RAISE EXCEPTION 'a holding is only ever cut' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state || ' ' || NEW.state) NOT IN (
        'held reserved', 'reserved held', 'reserved retired', 'held retired', 'held expired',
        'held sent-out', 'retired sent-out', 'expired sent-out', 'held cancelled',
        'reserved cancelled', 'retired cancelled', 'expired cancelled', 'sent-out cancelled')
    THEN
        RAISE EXCEPTION 'a unit never goes from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = OLD.state
       AND ((OLD.state <> 'held' AND NEW.organisation_id <> OLD.organisation_id)
            OR (NEW.correlation_id, NEW.reservation_id, NEW.retirement_id) IS DISTINCT FROM
               (OLD.correlation_id, OLD.reservation_id, OLD.retirement_id))
       OR NEW.state <> OLD.state AND NEW.organisation_id <> OLD.organisation_id
       OR OLD.retirement_id IS NOT NULL AND NEW.retirement_id IS DISTINCT FROM OLD.retirement_id
    THEN
        RAISE EXCEPTION 'what a unit serves changes with its state only, whose it is while held only'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'retired' AND OLD.state <> 'retired' AND NOT EXISTS (
        SELECT FROM retirement AS r WHERE r.retirement_id = NEW.retirement_id
            AND r.block_id = NEW.block_id AND r.low <= NEW.low AND NEW.high <= r.high)
    THEN
        RAISE EXCEPTION 'a unit is retired within its retirement'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER holding_steps BEFORE UPDATE ON holding
    FOR EACH ROW EXECUTE FUNCTION check_step_of_holding();

CREATE FUNCTION keep_rest_of_holding() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO holding (block_id, low, high, block_low, block_high, unit, organisation_id, state, transfers,
                         correlation_id, reservation_id, expires_at, submitted, retirement_id)
    VALUES (OLD.block_id, NEW.high, OLD.high, OLD.block_low, OLD.block_high, OLD.unit, OLD.organisation_id,
            OLD.state, OLD.transfers, OLD.correlation_id, OLD.reservation_id, OLD.expires_at, OLD.submitted,
            OLD.retirement_id);
    RETURN NULL;
END $$;

CREATE TRIGGER holding_keeps_its_rest AFTER UPDATE ON holding
    FOR EACH ROW WHEN (NEW.high < OLD.high) EXECUTE FUNCTION keep_rest_of_holding();

CREATE FUNCTION cut_holding(of_block uuid, cut_at bigint) RETURNS void LANGUAGE sql AS $$
    UPDATE holding SET high = cut_at
    WHERE block_id = of_block AND low < cut_at
      AND high = (SELECT min(high) FROM holding WHERE block_id = of_block AND high > cut_at)
$$
"""


def statements(service: str) -> list[str]:
    """Tables, steps, rights and tenancy."""
    owner = RoleNames.of(service).owner
    request = RoleNames.of(service).request
    worker = RoleNames.of(service).worker
    facts = (
        "block_id, scheme, registry, serial, low, high, unit, project, vintage_start, vintage_end, issued_on,"
        " expires_on"
    )
    changeable = (
        "high, organisation_id, state, transfers, correlation_id, reservation_id, expires_at, submitted,"
        " retirement_id"
    )
    return [
        _BLOCK,
        _RETIREMENT,
        _HOLDING,
        _STEPS,
        # Not `issued_to`: who holds a part of a block does not learn who held all of it.
        *grant(service, "block", f"SELECT ({facts})", "SELECT, INSERT"),
        *grant(service, "retirement", "SELECT", "SELECT, INSERT"),
        *grant(service, "holding", f"SELECT, UPDATE ({changeable})", f"SELECT, UPDATE ({changeable})"),
        *enable_tenancy("retirement", service),
        *enable_tenancy("holding", service),
        # The triggers above write and look things up as the owner, whom FORCE would hold too.
        f"CREATE POLICY holding_of_owner ON holding TO {owner} USING (true) WITH CHECK (true)",
        f"CREATE POLICY retirement_of_owner ON retirement TO {owner} USING (true)",
        # A block is seen by who holds a part of it: nobody learns of the others.
        "ALTER TABLE block ENABLE ROW LEVEL SECURITY",
        f"CREATE POLICY block_of_holder ON block TO {request} USING (EXISTS (SELECT FROM holding"
        f" WHERE holding.block_id = block.block_id AND organisation_id = ANY ({VISIBLE_ORGANISATIONS})))",
        f"CREATE POLICY block_of_worker ON block TO {worker} USING (true) WITH CHECK (true)",
    ]
