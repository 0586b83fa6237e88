"""What this service reads of others, and what it does about it."""
