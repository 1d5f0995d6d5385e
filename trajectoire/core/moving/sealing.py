"""Backups sealed with age (age-encryption.org): the site holds the key that closes, never the one that opens."""

from pathlib import Path
from typing import Any

from .archive import Refused

WRONG_KEY = "BACKUP_KEY n’est pas une clé publique « age1… » : voyez docs/backup.md."
WRONG_IDENTITY = "Le fichier de la clé ne contient pas de ligne « AGE-SECRET-KEY-1… »."
NOT_OPENED = "Cette clé n’ouvre pas la sauvegarde, ou le fichier est abîmé. Prenez la clé du moment où elle a été faite."


def recipient(key: str) -> Any:
    """The public key. Raises Refused."""
    from pyrage import RecipientError, x25519

    try:
        return x25519.Recipient.from_str(key.strip())
    except RecipientError as error:
        raise Refused(WRONG_KEY) from error


def seal(plain: Path, sealed: Path, key: Any) -> None:
    """Write `sealed`, which exists once it is whole; a few MB in memory whatever the size. Raises OSError."""
    from pyrage import encrypt_file

    draft = sealed.with_name(f"{sealed.name}.brut")
    try:
        draft.touch(mode=0o600)
        encrypt_file(str(plain), str(draft), [key])
        draft.replace(sealed)
    finally:
        draft.unlink(missing_ok=True)


def unseal(sealed: Path, plain: Path, identity: Path) -> None:
    """Write `plain`, with the key of a file made by `age-keygen`. Raises Refused, OSError."""
    from pyrage import DecryptError, IdentityError, decrypt_file, x25519

    lines = identity.read_text(encoding="utf-8", errors="replace").splitlines()
    try:
        key = x25519.Identity.from_str(next(line.strip() for line in lines if line.startswith("AGE-SECRET-KEY-")))
    except (StopIteration, IdentityError) as error:
        raise Refused(WRONG_IDENTITY) from error
    plain.touch(mode=0o600)
    try:
        decrypt_file(str(sealed), str(plain), [key])
    except DecryptError as error:
        raise Refused(NOT_OPENED) from error
