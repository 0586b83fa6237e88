"""The truth of a service: an append-only store of immutable events in its own PostgreSQL database."""
