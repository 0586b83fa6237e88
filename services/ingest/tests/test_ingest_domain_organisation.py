"""An organisation: registration, keys, grants. Given events, when a command, then events or a refusal."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import reduce

import pytest

from zerocarbon.common.ids import natural_id
from zerocarbon.common.refusal import Conflict, NotFound, Refused
from zerocarbon.contracts.base import Event
from zerocarbon.contracts.reference import (
    ApiKeyIssued,
    ApiKeyRevoked,
    GrantIssued,
    GrantRevoked,
    OrganisationRegistered,
)
from zerocarbon.ingest.domain import organisation
from zerocarbon.ingest.domain.organisation import Organisation, evolve

ID = natural_id("organisation", "maker")
NOW = datetime(2098, 1, 1, tzinfo=UTC)
LATER = datetime(2099, 1, 1, tzinfo=UTC)
MAKER = OrganisationRegistered(organisation_id=ID, code="maker", name_en="Maker", name_zh="制造商")
KEY = ApiKeyIssued(
    organisation_id=ID,
    api_key_id=natural_id("key", "1"),
    principal_id=natural_id("principal", "1"),
    roles=["operator"],
    key_sha256="0" * 64,
    expires_at=LATER,
)
GRANT = GrantIssued(
    organisation_id=ID,
    grant_id=natural_id("grant", "1"),
    grantee_id=natural_id("principal", "2"),
    role="verifier",
    until=LATER,
)
KEY_GONE = ApiKeyRevoked(organisation_id=ID, api_key_id=KEY.api_key_id)
GRANT_GONE = GrantRevoked(organisation_id=ID, grant_id=GRANT.grant_id)


def given(*events: Event) -> Organisation:
    return reduce(evolve, events, Organisation())


def test_the_same_registration_twice_is_one() -> None:
    assert organisation.register(given(), MAKER) == [MAKER]
    assert organisation.register(given(MAKER), MAKER) == []


def test_an_id_stands_for_one_organisation() -> None:
    with pytest.raises(Conflict):
        organisation.register(given(MAKER), MAKER.model_copy(update={"name_en": "Other"}))


def test_nothing_is_issued_for_an_organisation_that_nobody_registered() -> None:
    with pytest.raises(NotFound):
        organisation.issue_key(given(), KEY, new_principal=True, asked_at=NOW)
    with pytest.raises(NotFound):
        organisation.issue_grant(given(), GRANT)


def test_keys_are_issued_to_own_principals_only() -> None:
    with pytest.raises(Refused) as refused:
        organisation.issue_key(given(MAKER), KEY, new_principal=False, asked_at=NOW)
    assert [one.rule for one in refused.value.violations] == ["own-principal"]
    assert organisation.issue_key(given(MAKER), KEY, new_principal=True, asked_at=NOW) == [KEY]
    assert organisation.issue_key(given(MAKER, KEY), KEY, new_principal=False, asked_at=NOW) == [KEY]


def test_a_key_that_would_be_dead_at_birth_is_refused_beside_whatever_else_is_wrong() -> None:
    with pytest.raises(Refused) as refused:
        organisation.issue_key(given(MAKER), KEY, new_principal=False, asked_at=LATER)
    assert [(one.rule, one.pointer) for one in refused.value.violations] == [
        ("own-principal", "/principal_id"),
        ("key-expiry", "/expires_at"),
    ]


def test_a_principal_stays_its_own_when_its_key_has_ended() -> None:
    assert organisation.issue_key(given(MAKER, KEY, KEY_GONE), KEY, new_principal=False, asked_at=NOW) == [
        KEY
    ]


def test_a_key_ends_once() -> None:
    assert organisation.revoke_key(given(MAKER, KEY), KEY_GONE) == [KEY_GONE]
    with pytest.raises(NotFound):
        organisation.revoke_key(given(MAKER, KEY, KEY_GONE), KEY_GONE)


def test_a_grant_ends_once() -> None:
    assert organisation.issue_grant(given(MAKER), GRANT) == [GRANT]
    assert organisation.revoke_grant(given(MAKER, GRANT), GRANT_GONE) == [GRANT_GONE]
    with pytest.raises(NotFound):
        organisation.revoke_grant(given(MAKER, GRANT, GRANT_GONE), GRANT_GONE)
