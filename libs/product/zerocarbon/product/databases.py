"""Where services keep their data: a given PostgreSQL, or the embedded one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

from zerocarbon.common.postgres.embedded import EmbeddedPostgres
from zerocarbon.common.postgres.urls import Urls, urls_from_database_url
from zerocarbon.common.settings import Settings


@contextmanager
def service_urls(settings: Settings, services: Sequence[str]) -> Iterator[dict[str, Urls]]:
    """The databases of the given services.

    With `DATABASE_URL` there is one service a process and the address is its database. Without it the
    embedded server runs in the data directory; it is stopped at the end by the process that started it.

    Raises:
        ValueError: `DATABASE_URL` is given for several services: each has a database of its own.
    """
    if settings.database_url is not None:
        if len(services) != 1:
            raise ValueError("DATABASE_URL names one service's database; run the services one by one")
        yield {services[0]: urls_from_database_url(_with_password(settings), services[0])}
        return
    settings.data_directory.mkdir(parents=True, exist_ok=True)
    with EmbeddedPostgres(settings.data_directory / "postgres") as server:
        yield {service: server.provision(service) for service in services}


def _with_password(settings: Settings) -> str:
    # A password in a file stays out of the environment, where every child process and crash report sees it.
    assert settings.database_url is not None
    if settings.database_password_file is None:
        return settings.database_url
    parts = urlsplit(settings.database_url)
    password = quote(settings.database_password_file.read_text().strip(), safe="")
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{host}"))
