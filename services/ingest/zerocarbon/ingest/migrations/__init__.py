"""The database of `ingest`, step by step."""
