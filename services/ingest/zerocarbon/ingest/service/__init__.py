"""Use cases: load, decide, record, show; each in one transaction."""
