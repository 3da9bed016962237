"""The runtime: it loads a component and processes the messages of one step."""
