"""Scenarios as data: who is met, for how long, and what an outcome is worth."""
