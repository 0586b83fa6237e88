"""What a stranger needs to recompute a figure: pure, without services, clock or randomness."""
