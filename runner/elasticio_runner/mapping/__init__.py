"""JSONata on the edges of a flow: conditions, and the body that the next step receives."""
