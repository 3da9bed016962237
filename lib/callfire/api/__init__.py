"""Talking to CallFire."""
