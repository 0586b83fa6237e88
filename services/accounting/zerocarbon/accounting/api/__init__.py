"""REST of accounting."""
