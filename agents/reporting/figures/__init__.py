"""Figures of evaluated policies, drawn with matplotlib: see `pictures`."""
