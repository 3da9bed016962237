"""The triggers, which start flows: one module per trigger."""
