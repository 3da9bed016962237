"""Generators of component.json, schemas and docs."""
