"""What starts a flow: one file per trigger."""
