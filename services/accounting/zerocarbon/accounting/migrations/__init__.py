"""The tables of accounting, by alembic."""
