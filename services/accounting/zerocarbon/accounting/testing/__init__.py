"""For tests of accounting: a plant, its activity, and a stage on which its events are published."""
