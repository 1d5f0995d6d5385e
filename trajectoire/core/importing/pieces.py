"""The attachments of an import: a ZIP or a folder, asked by name; nothing of it is ever unpacked beside its place."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote

from ..tables import Unreadable

if TYPE_CHECKING:
    from .records import ImportRun

MOST_FILES = 100_000
LARGEST = 500_000_000  # bytes of one file
LARGEST_UNPACKED = 20_000_000_000
DENSEST = 200  # times: what compresses better, beyond a megabyte, is a bomb


class Pieces:
    """Files found by their path or the end of it: « 2019/03/guide.pdf », « guide.pdf » when one file only is called so."""

    def __init__(self, names: Iterator[str] | list[str] = ()) -> None:  # type: ignore[assignment]
        self.by_path: dict[str, str] = {}
        self.by_name: dict[str, list[str]] = {}
        for name in names:
            path = _plain(name)
            self.by_path[path] = name
            self.by_name.setdefault(path.rsplit("/", 1)[-1], []).append(name)

    def __bool__(self) -> bool:
        return bool(self.by_path)

    def __len__(self) -> int:
        return len(self.by_path)

    def find(self, wanted: str) -> str | None:
        """The name, here, of what an address or a path ends with; None when nothing or several files answer."""
        parts = _plain(wanted.split("?", 1)[0]).split("/")
        for start in range(len(parts)):
            if (found := self.by_path.get("/".join(parts[start:]))) is not None:
                return found
        same = self.by_name.get(parts[-1], [])
        for start in range(len(parts)):
            ends = [name for name in same if f"/{_plain(name)}".endswith("/" + "/".join(parts[start:]))]
            if ends:
                return ends[0] if len(ends) == 1 else None
        return None

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """The content of a file that `find` gave."""
        raise FileNotFoundError(name)
        yield

    def close(self) -> None:
        """Nothing is held open."""


class FolderPieces(Pieces):
    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        files = (path for path in sorted(self.folder.rglob("*")) if path.is_file() and not path.is_symlink())
        super().__init__([path.relative_to(self.folder).as_posix() for path in files])

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        with (self.folder / name).open("rb") as content:
            yield content


class ZipPieces(Pieces):
    """Raises Unreadable for what is no ZIP, or one made to fill the disk."""

    def __init__(self, content: Path | IO[bytes]) -> None:
        self.content = content.open("rb") if isinstance(content, Path) else content
        try:
            self.archive = zipfile.ZipFile(self.content)
            super().__init__(_checked(self.archive.infolist()))
        except (zipfile.BadZipFile, OSError) as error:
            self.close()
            raise Unreadable("Les pièces jointes ne sont pas un fichier ZIP lisible : faites-le à nouveau.") from error
        except Unreadable:
            self.close()
            raise

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        with self.archive.open(name) as content:
            yield content

    def close(self) -> None:
        self.content.close()


def _checked(entries: list[zipfile.ZipInfo]) -> list[str]:
    """The names of the files, once the whole is known to be harmless."""
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise Unreadable("Ce ZIP est trop grand une fois déplié : coupez-le en plusieurs.")
    names = []
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in entry.filename.split("/", 1)[0]:
            raise Unreadable(f"Ce ZIP contient un chemin interdit (« {entry.filename[:80]} ») : faites-le à nouveau.")
        if entry.flag_bits & 1:
            raise Unreadable("Ce ZIP est protégé par un mot de passe : faites-le à nouveau, sans mot de passe.")
        dense = entry.file_size > 1_000_000 and entry.file_size > DENSEST * max(entry.compress_size, 1)
        if dense or entry.file_size > LARGEST:
            raise Unreadable(f"Le fichier « {entry.filename[:80]} » de ce ZIP est démesuré une fois déplié : retirez-le.")
        if not entry.is_dir() and not entry.filename.startswith("__MACOSX/"):
            names.append(entry.filename)
    return names


def _plain(path: str) -> str:
    return unquote(path.replace("\\", "/")).strip("/")


def of(run: "ImportRun") -> Pieces:
    """What came with a run; nothing when nothing came. Raises Unreadable."""
    if run.attachments:
        return ZipPieces(run.attachments.open("rb"))
    if not run.attachments_place:
        return Pieces()
    place = Path(run.attachments_place)
    return FolderPieces(place) if place.is_dir() else ZipPieces(place)
