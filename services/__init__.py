"""Services that tests, the demo and measurements start: RabbitMQ, Node.js, a stub of the platform."""
