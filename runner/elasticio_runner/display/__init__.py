"""What the user sees of a run: messages on standard output, everything else on standard error."""
