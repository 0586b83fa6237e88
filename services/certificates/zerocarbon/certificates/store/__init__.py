"""The ledger's tables: every statement of SQL of this service stands here."""
