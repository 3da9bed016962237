"""What this project does, in half a minute: `python -m demo`."""
