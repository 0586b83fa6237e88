"""URLs by role, and what they must not show."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from zerocarbon.common.postgres.roles import RoleNames
from zerocarbon.common.postgres.urls import Urls, socket_url, urls_from_database_url, with_database

GIVEN = "postgresql://app:p%40ss@db.example:6432/ingest?sslmode=require&options=-c%20work_mem%3D8MB"


def test_one_login_serves_three_roles() -> None:
    urls = urls_from_database_url(GIVEN, "ingest")
    assert urls.bootstrap == GIVEN
    for url, role in ((urls.owner, "owner"), (urls.request, "request"), (urls.worker, "worker")):
        parts = urlsplit(url)
        assert parts.netloc == "app:p%40ss@db.example:6432"
        assert parse_qs(parts.query) == {
            "sslmode": ["require"],
            "options": [f"-c work_mem=8MB -c role=ingest_{role}"],
        }


def test_a_database_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="postgresql://"):
        urls_from_database_url("mysql://app@db/ingest", "ingest")


def test_urls_do_not_show_their_passwords() -> None:
    assert "secret" not in repr(Urls("secret", "secret", "secret", "secret"))


def test_a_password_may_hold_any_character() -> None:
    parts = urlsplit(socket_url(Path("/run/a b"), "x_request", "a/b:c@d", "x"))
    assert parts.password == "a%2Fb%3Ac%40d"
    assert parse_qs(parts.query) == {"host": ["/run/a b"], "port": ["5432"]}


def test_another_database_keeps_the_rest() -> None:
    assert with_database(GIVEN, "other") == GIVEN.replace("/ingest?", "/other?")


@pytest.mark.parametrize("name", ["", "Ingest", "1st", "a-b", "a;b", "a" * 41, 'a"b', "ingest\n"])
def test_a_service_name_that_would_need_quoting_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a name of a service"):
        RoleNames.of(name)
