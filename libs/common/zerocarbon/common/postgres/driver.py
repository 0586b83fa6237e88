"""What the database driver itself raises when a connection ends under it."""

from __future__ import annotations

import asyncpg

DRIVER_LOST = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""The connection is closed; or its FATAL message was read and its end not yet, of which it says "cannot
switch to state 15; another operation is in progress" in a class of its own beside the first."""
