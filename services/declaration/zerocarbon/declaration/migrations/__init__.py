"""The tables of `declaration`, step by step."""
