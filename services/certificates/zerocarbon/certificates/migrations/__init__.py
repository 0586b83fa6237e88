"""The tables of `certificates`, by alembic revision."""
