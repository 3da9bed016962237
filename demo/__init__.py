"""A demo: a flow replies to text messages, with the real runtime and the sandbox. Run `python -m demo`."""
