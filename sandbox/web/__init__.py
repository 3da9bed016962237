"""The sandbox on the network: HTTP in front of the API, the controls, faults, deliveries of webhooks and the page."""
