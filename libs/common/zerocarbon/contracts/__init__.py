"""The published events: what one service may know of another. Additive within a version."""
