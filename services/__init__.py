"""Services for tests, the demo and the benchmark: RabbitMQ, the Node.js sailor, and a fake platform."""
