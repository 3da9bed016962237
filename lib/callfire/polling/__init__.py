"""Polling triggers: they list texts or calls at intervals, and emit each item once.

    polling_trigger    the trigger: reads the pages, emits messages, stores the snapshot
    polling_form       the form: fields and values
    polling_run        one run: new items, their order, and the next snapshot
    polling_snapshot   the state between two runs
    item_kinds         texts and calls: when an item is complete, and its position in time
    spool              the items of one run on disk, to emit a backlog of any length in order
    sketch             a set of IDs of fixed size that can name a limited number of missing IDs

`polling_run`, `polling_snapshot` and `sketch` use neither the network nor the platform.
"""
