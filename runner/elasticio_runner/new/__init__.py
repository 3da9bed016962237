"""`elasticio new`: creates a component, empty or from a description of an HTTP API (OpenAPI, Swagger)."""
