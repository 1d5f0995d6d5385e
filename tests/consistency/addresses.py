"""Every route of the site, who may open it (docs/access.md), and a real address for it."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from network.directory import confirming, relay
from network.events import attestations, presence, questionnaires
from network.events.models import Series, SurveyAnswer
from resources.alerts.models import Alert, Subscriber
from resources.letters.models import Letter, Link, Subscription
from tests.factories import events, vrl
from tests.factories.directory import organisation
from tests.factories.documents import document, file
from trajectoire.core import tokens
from trajectoire.core.models import DataRequest
from vrl import mail_choice
from vrl.bilan.year import BilanYear

ROOT = Path(__file__).resolve().parents[2]


class Line(NamedTuple):
    address: str
    who: str
    methods: set[str]


@cache
def lines() -> dict[str, Line]:
    text = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(/[^`]*)` \| (\w+) \| ([A-Z, ]+) \|$", text, re.M)
    return {address: Line(address, who, set(methods.split(", "))) for address, who, methods in rows}


@cache
def addresses() -> list[str]:
    """Every route of the site, as its pattern is written."""
    return list(dict.fromkeys(below(get_resolver(), "/")))


def below(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        yield from [path] if isinstance(entry, URLPattern) else below(entry, path)


@cache
def line_of(address: str) -> Line | None:
    known = lines()
    if address in known:
        return known[address]
    return next((line for name, line in known.items() if name.endswith("…") and address.startswith(name[:-1])), None)


def public_gets() -> list[str]:
    return [address for address in addresses() if (line := line_of(address)) and line.who == "everyone" and "GET" in line.methods]


def real_addresses() -> Callable[[str], str]:
    """Fill the site, and give the function that makes a real address of a pattern; needs the small vocabulary."""
    made = document("Une synthèse", collection="cetavou", themes=["laicite"])
    attached = file(made)
    made.cover_renditions = [{"format": "webp", "width": 1, "height": 1, "name": attached.file.name, "file": "a.webp"}]
    made.save()
    values = {
        "/ressources/<slug:slug>/fichiers/<int:pk>/<str:name>": attached.get_absolute_url(),
        "/ressources/<slug:slug>/couverture/<str:name>": "/ressources/une-synthese/couverture/a.webp",
        "/ressources/collections/<slug:slug>/": "/ressources/collections/cetavou/",
        "/ressources/<slug:slug>/": made.get_absolute_url(),
        **{f"/ressources/<slug:slug>.{name}": f"/ressources/{made.slug}.{name}" for name in ("ris", "bib", "json")},
        "/ressources/apercu/<int:pk>/": f"/ressources/apercu/{made.pk}/",
        "/sitemap-<slug:section>.xml": "/sitemap-pages.xml",
        "/territoires/<slug:code>/": "/territoires/25/",
        "/territoires/<slug:code>.geojson": "/territoires/25.geojson",
        "/publication/<slug:slug>/": "/publication/une-synthese/",
        **alert_addresses(),
        **letter_addresses(),
        **directory_addresses(),
        **presence_addresses(),
        **event_addresses(),
        **personal_addresses(),
        "/vrl/ne-plus-recevoir/<str:token>/": mail_choice.leave_url(vrl.trainer(), "digest").removeprefix(settings.SITE_URL),
        "/vrl/situations/<slug:slug>/": vrl.situation().get_absolute_url(),
        "/vrl/demande/<str:token>/": f"/vrl/demande/{vrl.training_request().token}/",
        "/bilan/<int:year>/": f"/bilan/{published_year()}/",
        "/bilan/lignes/<slug:name>/": "/bilan/lignes/sessions/",
        "/vrl/candidature/<str:token>/": f"/vrl/candidature/{vrl.candidacy().token}/",
        "/actualite/<slug:slug>/": "/actualite/une-synthese/",
        "/compte/^confirm-email/(?P<key>[-:\\w]+)/$": "/compte/confirm-email/abc/",
        "/compte/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": "/compte/password/reset/key/1-abc/",
        "/admin/(?P<url>.*)$": "/admin/inconnu",
        "/admin/r/<path:content_type_id>/<path:object_id>/": "/admin/r/1/1/",
    }

    def give(pattern: str) -> str:
        if pattern.startswith("/admin/^(?P<app_label>"):
            return "/admin/core/"
        return values.get(pattern) or re.sub(r"<(?:path:object_id|int:pk|str:version_id|[^>]+)>", "1", pattern)

    return give


def published_year() -> int:
    """A year closed in which everyone reads one part."""
    return BilanYear.objects.create(year=2020, closed_at=timezone.now(), public_parts=["sessions"]).year


def directory_addresses() -> dict[str, str]:
    made = organisation("Les Lilas")
    here = made.get_absolute_url()
    return {
        "/reseau/<slug:slug>/": here,
        "/reseau/<slug:slug>/ecrire/": f"{here}ecrire/",
        "/reseau/<slug:slug>/corriger/": f"{here}corriger/",
        "/reseau/arreter/<str:token>/": relay.stop_path(made),
        "/reseau/confirmer/<str:token>/": confirming.confirm_path(made),
    }


def event_addresses() -> dict[str, str]:
    made = events.event("Rencontre", series=Series.objects.create(title="Un cycle", published=True))
    return {
        "/agenda/mois/<int:year>/<int:number>/": "/agenda/mois/2026/5/",
        "/agenda/cycles/<slug:slug>/": made.series.get_absolute_url(),
        "/agenda/<slug:slug>/": made.get_absolute_url(),
        "/agenda/<slug:slug>.ics": f"/agenda/{made.slug}.ics",
        "/agenda/<slug:slug>/inscription/": f"/agenda/{made.slug}/inscription/",
    }


def presence_addresses() -> dict[str, str]:
    held = events.event("Une rencontre passée", days=(-1,))
    person = events.registration(held)
    presence.mark_everyone(held, presence.slots(held)[0], None)
    presence.mark_everyone(held, presence.slots(held)[1], None)
    [issued] = attestations.issue(held)
    kept = file(document("Pour les personnes inscrites", event=held, access="inscrits"))
    questionnaires.load_bank()
    survey = questionnaires.prepare(held, "chaud")
    SurveyAnswer.objects.bulk_create(SurveyAnswer(survey=survey, day=events.in_days(0)) for _ in range(questionnaires.FEWEST))
    here = f"/agenda/{held.slug}/"
    return {
        **{f"/agenda/<slug:slug>/{page}": here + page for page in ("presence/", "presence/cocher/", "presence/feuille.pdf")},
        **{f"/agenda/<slug:slug>/{page}": here + page for page in ("attestations/", "attestations/toutes.zip")},
        "/agenda/<slug:slug>/questionnaire/resultats/": f"{here}questionnaire/resultats/",
        "/agenda/<slug:slug>/questionnaire/<slug:moment>.<slug:extension>": f"{here}questionnaire/chaud.csv",
        "/agenda/attestations/<int:pk>.pdf": f"/agenda/attestations/{issued.pk}.pdf",
        "/presence/<str:token>/": urlsplit(presence.door_url(person)).path,
        "/inscription/<str:token>/attestation.pdf": f"/inscription/{person.token}/attestation.pdf",
        "/ressources/inscription/<str:token>/<int:pk>/<str:name>": f"/ressources/inscription/{person.token}/{kept.pk}/{kept.name}",
        "/questionnaire/<str:token>/": urlsplit(questionnaires.questionnaire_url(person)).path,
        "/verifier/<str:code>/": issued.verify_path,
    }


def personal_addresses() -> dict[str, str]:
    token = DataRequest.objects.create(email="ada@example.org").token
    return {"/donnees-personnelles/mes-donnees/<str:token>/": f"/donnees-personnelles/mes-donnees/{token}/"}


def alert_addresses() -> dict[str, str]:
    subscriber = Subscriber.objects.create(email="ada@example.org")
    alert = Alert.objects.create(subscriber=subscriber, listing="ressources")
    return {
        "/alertes/confirmer/<str:token>/": f"/alertes/confirmer/{tokens.sign('alerts.confirm', [alert.pk, 'mois'])}/",
        "/alertes/<str:token>/": subscriber.manage_path,
        "/alertes/<str:token>/desabonnement/": subscriber.leave_path,
    }


def letter_addresses() -> dict[str, str]:
    reader = Subscription.objects.create(subscriber=Subscriber.objects.create(email="grace@example.org"))
    link = Link.objects.create(letter=Letter.objects.create(number=1, title="un essai"), url="https://example.org/")
    return {
        "/lettre/confirmer/<str:token>/": f"/lettre/confirmer/{tokens.sign('letters.confirm', reader.pk)}/",
        "/lettre/lien/<str:token>/": link.path,
        "/lettre/<str:token>/desabonnement/": reader.leave_path,
    }
