"""Claims of neutrality: pure decisions over what a factory declared so far. No I/O, clock or randomness."""
