"""The demo: a flow answers texts through the real runtime and the sandbox. Run `python -m demo`."""
