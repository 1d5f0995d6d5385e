"""What a reading can end with other than a report. The reasons are French sentences, shown to staff."""


class Refused(Exception):
    """The file must not be kept: `reason` says why and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreadable(Refused):
    """The file could not be read within its limits of time and memory, or is damaged: `reason` says what happened. A retry may help."""
