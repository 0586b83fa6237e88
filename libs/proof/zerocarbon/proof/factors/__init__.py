"""Emission factors: what they are, where they come from, and which one the server chooses."""
