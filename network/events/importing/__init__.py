"""Bringing the agenda in: events from tables and calendars, people registered from tables."""
