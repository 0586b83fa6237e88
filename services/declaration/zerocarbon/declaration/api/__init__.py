"""REST: `/declaration/v1`."""
