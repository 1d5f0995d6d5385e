"""Where files are kept: a folder, or the objects of a server that speaks S3. Nothing is left of a file half written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage, Storage

try:  # of production only
    from botocore.exceptions import BotoCoreError, ClientError
    from storages.backends.s3 import S3Storage
except ImportError:  # pragma: no cover - the demonstration keeps a folder
    S3Storage, BotoCoreError, ClientError = Storage, OSError, OSError

WRONG = "FILES_URL doit s’écrire s3://cle:secret@serveur/seau?region=nom (et tls=0 pour un serveur sans HTTPS)."


class Away(OSError):
    """The server of files does not answer, or refuses: nothing can be read or kept for the moment."""


class FolderStorage(FileSystemStorage):
    def _save(self, name: str, content: Any) -> str:
        known = self.exists(name)
        try:
            return str(super()._save(name, content))  # type: ignore[misc]
        except OSError:  # the disk is full
            if not known:
                with suppress(OSError):
                    self.delete(name)
            raise


def address(url: str) -> dict[str, Any]:
    """« s3://key:secret@server:port/bucket?region=name&tls=0 » → the options of ObjectStorage. Raises ImproperlyConfigured."""
    if S3Storage is Storage:  # pragma: no cover - the tests have the package
        raise ImproperlyConfigured("FILES_URL demande le paquet django-storages[s3] : installez requirements-production.txt.")
    parts = urlsplit(url)
    bucket, asked = parts.path.strip("/"), parse_qs(parts.query)
    if parts.scheme != "s3" or not (parts.hostname and parts.username and parts.password and bucket) or "/" in bucket:
        raise ImproperlyConfigured(WRONG)
    scheme = "http" if asked.get("tls") == ["0"] else "https"
    return {
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "bucket_name": bucket,
        "endpoint_url": f"{scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else ""),
        "region_name": asked.get("region", ["us-east-1"])[0],
        "addressing_style": "path",
        "signature_version": "s3v4",
        "file_overwrite": False,
        "default_acl": None,
    }


@contextmanager
def told() -> Iterator[None]:
    """What the library of a server that is away raises becomes Away; a file that is not there stays FileNotFoundError."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise Away(" ".join(str(error).split())) from error


def _told(name: str) -> Callable[..., Any]:
    def ask(self: Any, *words: Any, **more: Any) -> Any:
        with told():
            return getattr(S3Storage, name)(self, *words, **more)

    return ask


class ObjectStorage(S3Storage):
    """`django-storages`, whose files are only given by our own pages: their public addresses are never used."""

    _open, _save = _told("_open"), _told("_save")
    exists, delete, size, listdir = _told("exists"), _told("delete"), _told("size"), _told("listdir")
    get_modified_time = _told("get_modified_time")
