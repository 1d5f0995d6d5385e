"""Bringing structures in from a table: columns recognised, a plan to read before anything is written, then the writing."""
