"""Use cases: each is one command in one transaction, or one reading."""
