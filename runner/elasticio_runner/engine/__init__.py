"""The engine of a run: it starts the steps, relays their events, and ends the run."""
