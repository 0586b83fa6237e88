"""Which errors of the database are about the data, and which pass by themselves."""

from __future__ import annotations

import asyncpg

from zerocarbon.common.consumer.processor import Unacceptable
from zerocarbon.common.postgres.driver import DRIVER_LOST

ABOUT_DATA = (Unacceptable, asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
"""Some record is at fault: it is found and parked."""

PASSING = (
    OSError,
    TimeoutError,
    *DRIVER_LOST,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TransactionRollbackError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
"""The server went away, is full, or preferred somebody else: the same work is tried again."""
