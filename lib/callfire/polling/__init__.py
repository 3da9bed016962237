"""Polling triggers: they list texts or calls at intervals, and emit each one once.

    polling_trigger    what the platform calls: reads the pages, emits messages, stores the snapshot
    polling_form       the form: its fields, and what they contain
    polling_run        one run: which items are new, in which order they are emitted, what is remembered
    polling_snapshot   what one run leaves to the next
    item_kinds         texts and calls: when an item is complete, and its place in time
    spool              the items of one run on disk, so that a backlog of any length is emitted in order
    sketch             a set of ids in a fixed space that can name missing ids, if they are not too many

`polling_run`, `polling_snapshot` and `sketch` use neither the network nor the platform.
"""
