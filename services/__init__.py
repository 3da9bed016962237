"""Services for tests, the demo and the benchmark: RabbitMQ, Node.js, a browser, Podman and a fake platform."""
