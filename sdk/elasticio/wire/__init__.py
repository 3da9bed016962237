"""What a message is on the wire."""
