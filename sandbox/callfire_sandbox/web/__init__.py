"""The sandbox on the network: the API over HTTP, admin API, faults, webhook deliveries and the web page."""
