"""All SQL of accounting. Every function is part of its caller's transaction."""
