"""Who asks, and what they may do: deny by default."""
