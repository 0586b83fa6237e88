"""Inventories and own factors as decisions and their consequences: no I/O, no clock, no randomness."""
