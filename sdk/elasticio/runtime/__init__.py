"""One step at work."""
