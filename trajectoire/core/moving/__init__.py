"""The whole site in one archive, and back: what is taken, what stays behind and why, the archive, its import.

An archive is a ZIP of JSON Lines, one file a table, of the files themselves, and of a manifest with every sum
(docs/moving.md). Each app declares what is particular to its models from `AppConfig.ready()`; all the others are taken.
"""

from .declarations import (
    declare_files,
    declare_given,
    keep_for_backups,
    keep_out,
    secret,
    take,
)

__all__ = ["declare_files", "declare_given", "keep_for_backups", "keep_out", "secret", "take"]
