"""Bringing catalogues in: each format is a table from its fields to our names, and one target writes them. See docs/importing.md."""
