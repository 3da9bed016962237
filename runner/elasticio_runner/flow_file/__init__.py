"""The flow file: its schema, its checks, and the `Flow` that it describes."""
