"""REST of `ingest`."""
