"""What this service learns from others, and how it reacts."""
