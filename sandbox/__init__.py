"""A CallFire that runs on your machine: all of its API v2, with a state, and every unhappy path at will.

`python -m sandbox` starts it; `sandbox.server.start()` starts it inside a test. See README.md.
"""
