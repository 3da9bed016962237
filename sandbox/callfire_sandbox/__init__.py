"""A local simulation of the CallFire API v2, with state, fault injection and a web page.

`python -m sandbox` runs it. `callfire_sandbox.server.start()` runs it inside a test. See README.md.
"""
