"""Planners: policies that play copies of the negotiation ahead before they move."""
