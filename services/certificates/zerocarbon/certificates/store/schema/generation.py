"""The generation register: one MWh, one live claim, over all schemes (R127, R132, DC01). It has no tenant.

Each certificate block takes its MWh from the plant and month of generation. What is taken never exceeds what
was metered or, where no meter is known, what the first registry issued. The sum is kept by a trigger; nobody
can write it.
"""

from __future__ import annotations

from zerocarbon.common.postgres.rights import grant

_TABLES = """
CREATE TABLE generation (
    plant text NOT NULL,
    month date NOT NULL CHECK (extract(day FROM month) = 1),
    basis text NOT NULL CHECK (basis IN ('metered', 'issued')),
    issued_by text,
    registered_mwh numeric NOT NULL CHECK (registered_mwh >= 0),
    remainder_mwh numeric NOT NULL DEFAULT 0 CHECK (remainder_mwh >= 0 AND remainder_mwh < 1),
    shortfall_mwh numeric NOT NULL DEFAULT 0 CHECK (shortfall_mwh >= 0),
    claimed_mwh numeric NOT NULL DEFAULT 0 CHECK (claimed_mwh >= 0),
    PRIMARY KEY (plant, month),
    CHECK ((basis = 'issued') = (issued_by IS NOT NULL)),
    CONSTRAINT generation_claimed_once CHECK (claimed_mwh <= registered_mwh + remainder_mwh + shortfall_mwh)
);

CREATE TABLE generation_claim (
    claim_id uuid PRIMARY KEY,
    plant text NOT NULL,
    month date NOT NULL,
    route text NOT NULL,
    mwh numeric NOT NULL CHECK (mwh > 0),
    withdrawn_mwh numeric NOT NULL DEFAULT 0,
    FOREIGN KEY (plant, month) REFERENCES generation (plant, month),
    CHECK (withdrawn_mwh BETWEEN 0 AND mwh),
    CONSTRAINT generation_claim_quantity UNIQUE (claim_id, mwh)
);

CREATE FUNCTION add_up_generation_claims() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    before numeric := 0;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.claim_id, NEW.plant, NEW.month, NEW.mwh) IS DISTINCT FROM
           (OLD.claim_id, OLD.plant, OLD.month, OLD.mwh) OR NEW.withdrawn_mwh < OLD.withdrawn_mwh THEN
            RAISE EXCEPTION 'a generation claim only shrinks, by withdrawal'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        before := OLD.mwh - OLD.withdrawn_mwh;
    END IF;
    UPDATE generation SET claimed_mwh = claimed_mwh + (NEW.mwh - NEW.withdrawn_mwh) - before
    WHERE plant = NEW.plant AND month = NEW.month;
    RETURN NULL;
END $$;

CREATE TRIGGER generation_claims_add_up AFTER INSERT OR UPDATE ON generation_claim
    FOR EACH ROW EXECUTE FUNCTION add_up_generation_claims()
"""


def statements(service: str) -> list[str]:
    """Tables and rights. Requests see nothing of it: a plant's other claims are nobody else's affair."""
    return [
        _TABLES,
        *grant(service, "generation", "", "SELECT"),
        *grant(
            service,
            "generation",
            "",
            "INSERT (plant, month, basis, issued_by, registered_mwh, remainder_mwh, shortfall_mwh),"
            " UPDATE (basis, issued_by, registered_mwh, remainder_mwh, shortfall_mwh)",
        ),
        *grant(service, "generation_claim", "", "SELECT, INSERT, UPDATE (withdrawn_mwh)"),
    ]
