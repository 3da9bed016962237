"""The platform for one flow: its API, its object storage and its webhook gateway, on the loopback interface."""
