"""The state of a CallFire account and how it behaves: nothing in here knows HTTP or the shape of an operation."""
