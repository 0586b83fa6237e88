"""What accounting does when asked: use cases and their transactions."""
