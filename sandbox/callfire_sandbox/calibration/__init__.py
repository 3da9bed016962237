"""Calibration: which switch values describe a CallFire account, found by asking it."""
