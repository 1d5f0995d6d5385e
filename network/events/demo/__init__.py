"""The demonstration of the agenda."""
