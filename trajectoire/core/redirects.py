"""Addresses of former sites, each leading for ever (301) to its new page; and those that people ask for in vain."""

import datetime
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from django.db import models
from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve
from django.utils import timezone

from . import noting

LONGEST = 300
KEPT = datetime.timedelta(days=365)
OFTEN = 10  # times: beyond, the work list speaks of it
# Names that WordPress gives to its numbered addresses: « /?p=12 ».
NUMBERED = ("p", "page_id", "attachment_id", "cat", "tag_id", "author", "m")
# What WordPress adds after the address of a page: its feed, its other form, its parts.
ENDINGS = re.compile(r"/(?:feed|amp|embed|trackback|page/\d+|comment-page-\d+)(?:/(?:atom|rss2?|rdf))?/?$")
# The sizes in which WordPress draws an image beside the one that was given.
SIZES = re.compile(r"(?:-\d{2,5}x\d{2,5}|-scaled)(?=\.(?:jpe?g|png|gif|webp)$)", re.IGNORECASE)


class OldAddress(models.Model):
    """An address of the former sites, redirected for ever (301) to its new page."""

    path = models.CharField(
        "ancienne adresse", max_length=LONGEST, unique=True, help_text="Commence par une barre : /publication/…/ ou /?p=12"
    )
    target = models.CharField(
        "nouvelle adresse", max_length=LONGEST, help_text="Une page de ce site, sans son nom : /ressources/le-titre/"
    )

    class Meta:
        verbose_name = "ancienne adresse"
        verbose_name_plural = "anciennes adresses"
        db_table = "resources_oldaddress"  # where it was first
        ordering = ["path"]

    def __str__(self) -> str:
        return self.path


class MissedPath(models.Model):
    """An address of this site that has no page, and how many times people asked for it: the path alone, nothing of who asked."""

    path = models.CharField("adresse demandée", max_length=LONGEST, unique=True)
    count = models.PositiveIntegerField("fois", default=0)
    last_day = models.DateField("dernière fois", default=timezone.localdate, db_index=True)
    ignored = models.BooleanField("ignorée", default=False)

    class Meta:
        verbose_name = "adresse introuvable"
        verbose_name_plural = "adresses introuvables"
        ordering = ["-count", "path"]

    def __str__(self) -> str:
        return self.path


def old_misses(now: datetime.datetime) -> models.QuerySet[MissedPath]:
    """Not asked for in a year."""
    return MissedPath.objects.filter(last_day__lt=(now - KEPT).date())


def asked_often() -> models.QuerySet[MissedPath]:
    return MissedPath.objects.filter(count__gte=OFTEN, ignored=False)


class Refused(Exception):
    """The address cannot be redirected so; the message is a French sentence."""


def keep(old: str, target: str) -> bool:
    """Redirect an old address (a path or a whole URL) to a page of ours, for ever; False when it cannot be (see `checked`).

    What staff or an earlier import decided for this address stays.
    """
    try:
        path = checked(old, target)
    except Refused:
        return False
    if not OldAddress.objects.filter(path__in=spellings(path)).exists():
        noting.made(OldAddress.objects.create(path=path, target=target))
        no_more_missed(path)
    return True


def keep_all(pairs: Iterable[tuple[str, str]]) -> None:
    """The same for many (old, target), in a few queries when none is known yet."""
    wanted = {normal(old): (old, target) for old, target in pairs}
    near = {one for path, (_, target) in wanted.items() for one in (*spellings(path), *candidates(*_parts(target)))}
    known = set(OldAddress.objects.filter(path__in=near).values_list("path", flat=True))
    simple, rows = [], []
    for path, (old, target) in wanted.items():
        if known & {*spellings(path), *candidates(*_parts(target))}:
            keep(old, target)
        elif _refusal(path, target) is None and path not in candidates(*_parts(target)):
            simple.append(path)
            rows.append(OldAddress(path=path, target=target))
    OldAddress.objects.bulk_create(rows, ignore_conflicts=True)
    noting.made(*OldAddress.objects.filter(path__in=simple))
    MissedPath.objects.filter(path__in=[one for path in simple for one in spellings(path)]).delete()


def no_more_missed(path: str) -> None:
    MissedPath.objects.filter(path__in=spellings(path)).delete()


def checked(old: str, target: str) -> str:
    """The old address as it is kept. Raises Refused."""
    path = normal(old)
    if reason := _refusal(path, target):
        raise Refused(reason)
    if _leads_to(target, path):
        raise Refused("Ces adresses se renverraient l’une à l’autre.")
    return path


def _refusal(path: str, target: str) -> str | None:
    """Why, without a question to the database."""
    if len(path) > LONGEST or len(target) > LONGEST:
        return "Cette adresse est trop longue."
    if path == "/":
        return "L’accueil ne peut pas être redirigé."
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return "La nouvelle adresse est une page de ce site\u00a0: elle commence par une barre, comme /ressources/."
    if "?" not in path and answered(path):
        return "Le site a déjà une page à cette adresse."
    return None


def normal(address: str) -> str:
    """The path of an address as we compare it, its %xx decoded; with the number of a page of WordPress (« /?p=12 »)."""
    parts = urlsplit(address.strip()) if _is_whole(address) else urlsplit(f"//-{address.strip()}")
    path = unicodedata.normalize("NFC", unquote(parts.path))
    path = re.sub(r"/{2,}", "/", f"/{path.lstrip('/')}")
    path = path.removesuffix("index.php") if path.endswith("/index.php") else path.replace("/index.php/", "/", 1)
    return path + _number(parts.query)


def answered(path: str) -> bool:
    """Whether a page of ours has this fixed address; one with a name in it may not exist, and when it does it comes first."""
    try:
        found = resolve(path if path.endswith("/") or "." in path else f"{path}/")
    except Resolver404:
        return False
    return not found.captured_kwargs  # type: ignore[attr-defined]


def target_of(path: str, query: str) -> str:
    """Where an old address leads, « » when it is unknown. One query."""
    wanted = candidates(path, query)
    held = dict(OldAddress.objects.filter(path__in=wanted).values_list("path", "target"))
    return next((held[one] for one in wanted if one in held), "")


def candidates(path: str, query: str = "") -> list[str]:
    """What an address may be kept as, the most precise first."""
    asked = normal(f"{path}?{query}")
    bare = asked.split("?")[0]
    shorter = SIZES.sub("", ENDINGS.sub("/", bare))
    found: list[str] = []
    for one in (asked, bare, shorter):
        found += [spelling for spelling in spellings(one) if spelling not in found and spelling != "/"]
    return found


def moved(request: HttpRequest) -> HttpResponsePermanentRedirect | None:
    """The 301 of an address of a former site; None for any other, and for what is sent rather than read."""
    if request.method not in ("GET", "HEAD"):
        return None
    target = target_of(request.path, request.META.get("QUERY_STRING", ""))
    return HttpResponsePermanentRedirect(target) if target else None


def moved_number(request: HttpRequest) -> HttpResponsePermanentRedirect | None:
    """The same for « /?p=12 », which the home page would answer; asks nothing of the database for any other address."""
    return moved(request) if _number(request.META.get("QUERY_STRING", "")) else None


def forget(targets: Iterable[str]) -> None:
    """These pages are no more, nor what lay below them (their files): what led there leads nowhere."""
    for target in targets:
        OldAddress.objects.filter(models.Q(target=target) | models.Q(target__startswith=f"{target.rstrip('/')}/")).delete()


def _is_whole(address: str) -> bool:
    return bool(re.match(r"\s*(?:https?:)?//", address, re.IGNORECASE))


def _number(query: str) -> str:
    given = dict(parse_qsl(query))
    found = next(((name, given[name]) for name in NUMBERED if given.get(name, "").isdecimal()), None)
    return f"?{urlencode([found])}" if found else ""


def spellings(path: str) -> list[str]:
    """With and without its last bar."""
    bare, mark, query = path.partition("?")
    other = bare.rstrip("/") if bare.endswith("/") else f"{bare}/"
    return [path, f"{other or '/'}{mark}{query}"]


def _parts(address: str) -> tuple[str, str]:
    place = urlsplit(address)
    return place.path, place.query


def _leads_to(target: str, path: str) -> bool:
    """Whether the target is the old address itself, or is redirected to it."""
    for _ in range(5):
        here = candidates(*_parts(target))
        if path in here or path.rstrip("/") in here:
            return True
        target = target_of(*_parts(target))
        if not target:
            return False
    return True
