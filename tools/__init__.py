"""Generators of component.json, schemas/ and the generated parts of docs/: `python -m tools.build`."""
