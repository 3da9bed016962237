"""The state of the sandbox and its behavior over time. Nothing here knows HTTP."""
