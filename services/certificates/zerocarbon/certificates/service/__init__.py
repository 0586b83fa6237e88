"""What the service does for its callers: each use case in one transaction."""
