"""How the embedded server is set up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """Settings of the embedded server; they hold from its next start.

    Attributes:
        shared_buffers_mb: PostgreSQL's own cache, MiB.
        max_connections: connections over all services and roles.
        max_wal_size_mb: checkpoint at the latest after that much log, MiB.
        idle_in_transaction_seconds: a session that forgets its transaction is ended after that; it would
            hold back reading everywhere.
        durable: False gives up safety against crashes of the machine for speed. Only for tests.
    """

    shared_buffers_mb: int = 128
    max_connections: int = 200
    max_wal_size_mb: int = 4096
    idle_in_transaction_seconds: int = 60
    durable: bool = True

    def server_options(self, socket_directory: str, log_directory: str) -> list[str]:
        """Command line of the server: no TCP, one socket directory, a log that a week bounds."""
        switch = "on" if self.durable else "off"
        options = {
            "listen_addresses": "",
            "port": "5432",
            "unix_socket_directories": socket_directory,
            "unix_socket_permissions": "0700",
            "password_encryption": "scram-sha-256",
            "max_connections": str(self.max_connections),
            "shared_buffers": f"{self.shared_buffers_mb}MB",
            "max_wal_size": f"{self.max_wal_size_mb}MB",
            "idle_in_transaction_session_timeout": f"{self.idle_in_transaction_seconds}s",
            "fsync": switch,
            "synchronous_commit": switch,
            "full_page_writes": switch,
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C",
            "logging_collector": "on",
            "log_directory": log_directory,
            "log_filename": "postgresql-%a.log",
            "log_truncate_on_rotation": "on",
            "log_rotation_age": "1d",
            "log_rotation_size": "0",
            "log_file_mode": "0600",
            "log_line_prefix": "%m [%p] %q%u@%d ",
            "log_lock_waits": "on",
        }
        return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
