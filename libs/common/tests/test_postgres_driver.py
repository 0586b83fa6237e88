"""A server that goes away: whatever the driver calls it, the work is tried again and the caller hears 503."""

from __future__ import annotations

import asyncpg
import pytest

from zerocarbon.common.bus.listener import UNREACHABLE
from zerocarbon.common.consumer.database_errors import PASSING
from zerocarbon.common.fault import problem_of

LOST = [
    asyncpg.InternalClientError("cannot switch to state 15; another operation (2) is in progress"),
    asyncpg.InterfaceError("connection is closed"),
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    asyncpg.AdminShutdownError("terminating connection due to administrator command"),
]


@pytest.mark.parametrize("lost", LOST, ids=lambda lost: type(lost).__name__)
def test_a_lost_server_is_no_fault_of_the_program(lost: Exception) -> None:
    assert isinstance(lost, UNREACHABLE), "a relay leads again"
    assert isinstance(lost, PASSING), "a consumer joins again"
    assert problem_of(lost)["status"] == 503


def test_a_broken_statement_stays_a_fault() -> None:
    broken = asyncpg.PostgresSyntaxError("syntax error")
    assert not isinstance(broken, (*UNREACHABLE, *PASSING))
    assert problem_of(broken)["status"] == 500
