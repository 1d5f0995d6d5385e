"""What an app says of the faces of its list: feed, spreadsheets, JSON, and formats of its own. See docs/listings.md."""

from .declarations import Cell, Column, Enclosure, Face, Faces, FeedEntry

__all__ = ["Cell", "Column", "Enclosure", "Face", "Faces", "FeedEntry"]
