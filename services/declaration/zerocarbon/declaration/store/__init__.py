"""Rows: what other services told, persons, and the public's snapshots. All SQL of this service is here."""
