"""Triggers that ask CallFire again and again, and emit each text or call once.

    trigger   what the platform calls: the form, the requests, the messages
    run       one run: which of the items found are new, in which order they go out, what is remembered
    memory    what one run leaves to the next, and how it is written into a snapshot
    spool     the items of one run, on disk, so that a backlog of any length is put in order
    sketch    a set of ids in a fixed space: what is missing from it can be named, if that is not too much

`run`, `memory` and `sketch` know neither the network nor the platform.
"""
