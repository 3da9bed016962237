"""Services that tests, the demo and the benchmark start: RabbitMQ, Node.js, a fake of the platform."""
