"""A local platform for one flow: API, object storage and webhook gateway on the loopback interface."""
