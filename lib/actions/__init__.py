"""The actions: one module per operation of CallFire, named after the operation ID in snake_case."""
