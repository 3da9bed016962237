"""One run of a flow, from its first message to the summary."""
