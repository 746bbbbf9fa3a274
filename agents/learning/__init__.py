"""Learned policies: how a run is described, trained, watched and stored."""
