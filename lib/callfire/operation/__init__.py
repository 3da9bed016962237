"""Declaring an operation: fields, schemas, inputs, results and forms."""
