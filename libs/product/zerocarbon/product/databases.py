"""Where services keep their data: a given PostgreSQL, or the embedded one."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

from zerocarbon.common.postgres.embedded import EmbeddedPostgres
from zerocarbon.common.postgres.urls import Urls, urls_from_database_url
from zerocarbon.common.settings import Settings


@contextmanager
def service_urls(settings: Settings, services: Sequence[str]) -> Iterator[dict[str, Urls]]:
    """The databases of the given services.

    With `DATABASE_URL` there is one service a process and the address is its database. Without it the
    embedded server runs in the data directory; it is stopped at the end by the process that started it.

    A caller may call this in the main thread only: signals are kept waiting while the server starts.

    Raises:
        ValueError: `DATABASE_URL` is given for several services: each has a database of its own.
    """
    if settings.database_url is not None:
        if len(services) != 1:
            raise ValueError("DATABASE_URL names one service's database; run the services one by one")
        yield {services[0]: urls_from_database_url(_with_password(settings), services[0])}
        return
    settings.data_directory.mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        with _signals_wait():
            server = held.enter_context(EmbeddedPostgres(settings.data_directory / "postgres"))
        yield {service: server.provision(service) for service in services}


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Lets the signals that end a program wait: one in the midst of a start would leave the server behind,
    because it would not be known yet whose it is."""
    came: list[int] = []
    before = {
        wanted: handler
        for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        if (handler := signal.getsignal(wanted)) is not signal.SIG_IGN
    }
    for wanted in before:
        signal.signal(wanted, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for wanted, handler in before.items():
            signal.signal(wanted, handler)
        for number in came[:1]:
            signal.raise_signal(number)


def _with_password(settings: Settings) -> str:
    # A password in a file stays out of the environment, where every child process and crash report sees it.
    assert settings.database_url is not None
    if settings.database_password_file is None:
        return settings.database_url
    parts = urlsplit(settings.database_url)
    password = quote(settings.database_password_file.read_text().strip(), safe="")
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{host}"))
