"""The newsletter: composed from what is new in each list, sent to whoever asked and confirmed, kept as a document."""
