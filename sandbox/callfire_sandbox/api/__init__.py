"""The API: how operations are declared, and how a request becomes a response."""
