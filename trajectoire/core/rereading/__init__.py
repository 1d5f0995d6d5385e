"""Texts to read again: links that lead nowhere any more, services named that no longer exist."""
