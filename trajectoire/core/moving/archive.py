"""The archive itself: its manifest, how it is opened and checked before anything is done with it."""

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

FORMAT = 1
MANIFEST, FILES, FOLDER = "manifest.json", "fichiers.jsonl", "fichiers/"
PIECE = 256 * 1024
# Whatever an archive says of its sizes: the longest text of the site is a few MB, its manifest a few hundred lines.
LONGEST = 64 * 1024 * 1024
# What a damaged ZIP makes Python raise while it is read, and while a part is looked for.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
UNFOUND = (OSError, ValueError, struct.error)
Show = Callable[[str], None]

BROKEN = "n’est pas une archive ZIP entière : c’est un autre fichier, ou la copie a été interrompue. Copiez-le à nouveau."
NOT_OURS = "n’est pas un export de ce site : son manifeste manque ou ne se lit pas."
NEWER = "Cette archive vient d’une version plus récente du site. Mettez d’abord ce site à jour."
DAMAGED = "ne correspond pas à sa somme de contrôle : l’archive est abîmée. Copiez-la à nouveau, ou prenez-en une autre."


def expect(value: Any, kind: type) -> Any:
    """The value, of this kind; raises TypeError."""
    if not isinstance(value, kind):
        raise TypeError(value)
    return value


class Refused(Exception):
    """It cannot be done, and nothing was changed; the message is a French sentence."""


@dataclass(frozen=True)
class Summed:
    """A part of the archive: `count` lines, or bytes for a file."""

    name: str
    count: int
    sha256: str

    @classmethod
    def of(cls, told: dict[str, Any], count: str = "count") -> "Summed":
        """What the archive tells of it. Raises KeyError, TypeError."""
        return cls(expect(told["name"], str), expect(told[count], int), expect(told["sha256"], str))


@dataclass
class Manifest:
    """What the archive says of itself, written last; `missing`: files that rows name and that could not be read."""

    made_at: str
    site: str
    complete: bool
    migrations: list[str]
    tables: list[Summed] = field(default_factory=list)
    files: Summed = Summed(FILES, 0, "")
    missing: list[str] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def digest(self) -> str:
        """One sum for the whole content, whenever and wherever it was archived."""
        told = [f"{part.name} {part.count} {part.sha256}" for part in (*self.tables, self.files)]
        return hashlib.sha256("\n".join(sorted(told)).encode()).hexdigest()

    @property
    def rows(self) -> int:
        return sum(table.count for table in self.tables)

    def to_json(self) -> bytes:
        return json.dumps(asdict(self) | {"digest": self.digest}, ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """Raises ValueError when it is not one of ours, Refused when it is of a later version."""
        try:
            told = json.loads(text)
            if int(told["format"]) > FORMAT:
                raise Refused(NEWER)
            told.pop("digest")
            parts: dict[str, Any] = {
                "tables": [Summed.of(part) for part in told.pop("tables")],
                "files": Summed.of(told.pop("files")),
            }
            for words in (*told["migrations"], *told["missing"], *told["left_out"].values()):
                expect(words, str)
            return cls(**told, **parts)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(str(error)) from error


class Archive:
    """An archive on this disk, opened for reading: `with Archive(path) as archive`. Raises Refused whatever is wrong."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> "Archive":
        try:
            self._zip = zipfile.ZipFile(self.path)
        except FileNotFoundError as error:
            raise Refused(f"Le fichier « {self.path.name} » n’existe pas.") from error
        except (*UNREADABLE, *UNFOUND) as error:
            raise Refused(f"« {self.path.name} » {BROKEN}") from error
        try:
            with self._zip.open(MANIFEST) as stream:
                self.manifest = Manifest.from_json(_bounded(stream.read))
        except (KeyError, *UNREADABLE, *UNFOUND) as error:
            self._zip.close()
            raise Refused(f"« {self.path.name} » {NOT_OURS}") from error
        except Refused:
            self._zip.close()
            raise
        return self

    def __exit__(self, *error: Any) -> None:
        self._zip.close()

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """One part, as a stream. Raises Refused when it is missing or damaged."""
        try:
            with self._zip.open(name) as stream:
                yield stream
        except KeyError as error:
            raise Refused(f"Il manque « {name} » dans l’archive : prenez-en une autre.") from error
        except UNREADABLE as error:
            raise Refused(f"« {name} » {DAMAGED}") from error

    def lines(self, name: str) -> Iterator[Any]:
        """The objects of a part, one a line. Raises Refused."""
        with self.open(name) as stream:
            try:
                while line := _bounded(stream.readline):
                    yield json.loads(line)
            except ValueError as error:
                raise Refused(f"« {name} » {DAMAGED}") from error

    def files(self) -> Iterator[Summed]:
        for told in self.lines(FILES):
            try:
                yield Summed.of(told, "size")
            except (KeyError, TypeError) as error:
                raise Refused(f"« {FILES} » {DAMAGED}") from error

    def check(self, show: Show) -> None:
        """Read all of it and compare every sum. Raises Refused at the first that differs."""
        for part in (*self.manifest.tables, self.manifest.files):
            show(part.name)
            self._check(part.name, part, lambda piece: piece.count(b"\n"))
        for file in self.files():
            show(file.name)
            self._check(FOLDER + file.name, file, len)

    def _check(self, name: str, told: Summed, measure: Callable[[bytes], int]) -> None:
        with self.open(name) as stream:
            if sum_of(stream, measure) != (told.count, told.sha256):
                raise Refused(f"« {name} » {DAMAGED}")


def _bounded(read: Callable[[int], bytes]) -> bytes:
    """What is read at once; raises ValueError when it does not end."""
    if len(piece := read(LONGEST + 1)) > LONGEST:
        raise ValueError("endless")
    return piece


def sum_of(stream: IO[bytes], measure: Callable[[bytes], int] = len) -> tuple[int, str]:
    """(what `measure` counts in each piece, SHA-256)."""
    digest, count = hashlib.sha256(), 0
    while piece := stream.read(PIECE):
        digest.update(piece)
        count += measure(piece)
    return count, digest.hexdigest()
