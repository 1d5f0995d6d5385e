"""Every address is on docs/access.md and answers each person as written there."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from network.directory import confirming, relay
from network.events import attestations, presence, questionnaires
from network.events.models import Series, SurveyAnswer
from resources.alerts.models import Alert, Subscriber
from resources.letters.models import Letter, Link, Subscription
from tests.factories import accounts, events, vrl
from tests.factories.directory import organisation
from tests.factories.documents import document, file
from trajectoire.core import tokens
from trajectoire.core.models import DataRequest
from trajectoire.core.roles import ROLES

ROOT = Path(__file__).resolve().parents[2]
LOGGED_OUT = {"visitor", "deactivated"}
STAFF = {"powerless", "documentalist", "administrator"}
# « stranger »: an account without a role; « former_trainer »: the account of a trainer on leave; « partner »: not staff.
ACTORS = ["visitor", "deactivated", "stranger", "former_trainer", "partner", "trainer", *sorted(STAFF)]
# What everyone may open is opened by these: nobody, somebody, somebody with every right. The others walk what is reserved.
EVERYWHERE = {"visitor", "trainer", "administrator"}
LIKE_A_STRANGER = {"former_trainer", "partner"}  # for the administration, which « stranger » walks whole
ALLOWED = {
    "everyone": set(ACTORS),
    "account": set(ACTORS) - LOGGED_OUT,
    "area": {"trainer", "administrator"},
    "editors": {"documentalist", "administrator"},
    "hosts": {"administrator"},
    "figures": {"partner", *STAFF},
    "staff": STAFF,
    "permission": STAFF,
}
NOT_KNOWN_TO_EXIST = {"area", "editors", "hosts", "figures"}


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


def test_every_address_is_listed():
    assert [address for address in addresses() if line_of(address) is None] == []


def test_every_line_is_an_address():
    known = addresses()
    stale = [n for n in lines() if n not in known and not (n.endswith("…") and any(a.startswith(n[:-1]) for a in known))]
    assert stale == []


def test_every_line_names_a_known_public():
    assert {line.who for line in lines().values()} <= set(ALLOWED)
    assert len(lines()) > 50


def test_new_address_would_be_seen():
    assert line_of("/une-adresse-nouvelle/") is None


@pytest.fixture
def concrete(world):
    """A function that gives a real address for a pattern."""
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
        "/vrl/situations/<slug:slug>/": vrl.situation().get_absolute_url(),
        "/vrl/demande/<str:token>/": f"/vrl/demande/{vrl.training_request().token}/",
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


def public_gets() -> list[str]:
    return [address for address in addresses() if (line := line_of(address)) and line.who == "everyone" and "GET" in line.methods]


@pytest.mark.parametrize("actor", ACTORS)
def test_each_address_answers_each_person(request, concrete, actor):
    client = request.getfixturevalue(actor)
    client.raise_request_exception = False
    wrong = []
    for pattern in addresses():
        line = line_of(pattern)
        if "GET" not in line.methods or pattern == "/admin/autocomplete/":
            continue
        if (actor not in EVERYWHERE and line.who == "everyone") or (actor in LIKE_A_STRANGER and line.who == "permission"):
            continue
        response = client.get(concrete(pattern))
        if not agrees(line, actor, response):
            wrong.append((pattern, response.status_code, response.headers.get("Location")))
    assert wrong == []


def to_login(response) -> bool:
    return response.status_code == 302 and response.headers["Location"].startswith(("/compte/login/", "/admin/login/"))


def agrees(line: Line, actor: str, response) -> bool:
    """Whether an answer is what the line says for this person."""
    status = response.status_code
    if actor in ALLOWED[line.who]:
        refused = status in (401, 403) if line.who != "permission" else False
        return status < 500 and not refused and not (to_login(response) and line.who != "everyone")
    if line.who == "area":
        return status == 404  # the way to the login page would tell that there is something there
    if actor in LOGGED_OUT:
        return to_login(response)
    if line.who in NOT_KNOWN_TO_EXIST:
        return status == 404
    return status in (403, 404) or to_login(response)


def test_methods_that_are_not_listed_are_refused(visitor, administrator, concrete):
    wrong = []
    for client in (visitor, administrator):
        for pattern in addresses():
            line = line_of(pattern)
            for method in {"POST", "OPTIONS"} - line.methods:
                if pattern.startswith(("/admin/", "/compte/")):
                    continue
                response = client.generic(method, concrete(pattern))
                if response.status_code not in (404, 405) and not to_login(response):
                    wrong.append((method, pattern, response.status_code))
    assert wrong == []


def test_unknown_methods_are_refused_everywhere(visitor, administrator, concrete):
    wrong = [
        (method, pattern)
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "XYZ")
        for client in (visitor, administrator)
        for pattern in addresses()
        if client.generic(method, concrete(pattern)).status_code != 405
    ]
    assert wrong == []


def test_token_changed_by_one_character_opens_nothing(visitor, concrete):
    """P1: personal links, one character away from a good one; a page made for everyone shows nothing of anybody."""
    wrong = []
    for pattern in addresses():
        if "<str:token>" not in pattern or line_of(pattern).who != "everyone":
            continue
        good = concrete(pattern)
        token = next(part for part in good.split("/") if part and part not in pattern.split("/"))
        spoilt = token[:-2] + ("aa" if token[-2:] != "aa" else "bb")
        if (status := visitor.get(good.replace(token, spoilt)).status_code) != 404:
            wrong.append((pattern, status))
    assert wrong == []


@pytest.mark.parametrize("role", [name for name, models in ROLES.items() if models])
def test_each_role_opens_its_screens_and_no_other(db, browser, role):
    """P2, P3: what a role may not see answers 403 to GET and to POST, the form to add included."""
    client = browser(accounts.in_role(role))
    wrong = []
    for model in admin.site._registry:
        name = f"{model._meta.app_label}.{{}}_{model._meta.model_name}"
        base = f"/admin/{name.split('.', maxsplit=1)[0]}/{model._meta.model_name}/"
        if not any(client.user.has_perm(name.format(action)) for action in ("view", "change")):
            wrong += [base for answer in (client.get(base), client.post(base)) if answer.status_code != 403]
        if not client.user.has_perm(name.format("add")):
            wrong += [
                f"{base}add/" for answer in (client.get(f"{base}add/"), client.post(f"{base}add/")) if answer.status_code != 403
            ]
    assert wrong == []


def test_reading_writes_nothing(visitor, concrete):
    """Every public page, with a connection that refuses writes, the first time and again."""
    visitor.get("/ressources/")

    def refuse(execute, sql, params, many, context):
        assert not re.match(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)", sql, re.I), sql
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        for pattern in public_gets():
            assert visitor.get(concrete(pattern)).status_code < 500, pattern
            assert visitor.head(concrete(pattern)).status_code < 500, pattern


@pytest.mark.parametrize("address", ["/recherche/", "/ressources/"])
def test_search_that_finds_nothing_writes_its_words_and_nothing_else(visitor, world, address):
    """The one exception, written down in docs/architecture.md: two tables, after the answer, no client in them."""
    browser = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}
    written = []

    def watch(execute, sql, params, many, context):
        if re.match(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)", sql, re.I):
            written.append(re.search(r'"(\w+)"', sql)[1])
        return execute(sql, params, many, context)

    visitor.get(address, {"q": "page"})  # makes the index
    with connection.execute_wrapper(watch):
        visitor.get(address, {"q": "zzxxyy"}, headers=browser)
    assert set(written) == {"core_searchmiss", "core_searchmissday"}


def test_refusing_writes_would_be_seen(visitor, world):
    def refuse(execute, sql, params, many, context):
        raise AssertionError(sql)

    with connection.execute_wrapper(refuse), pytest.raises(AssertionError, match="SELECT"):
        visitor.get("/aide/")


def test_reader_is_given_no_cookie(visitor, concrete):
    """Nothing to accept for whoever only reads; forms need theirs."""
    for pattern in public_gets():
        response = visitor.get(concrete(pattern))
        if "POST" not in line_of(pattern).methods and not pattern.startswith(("/compte/", "/admin/")):
            assert not response.cookies, pattern


def test_public_pages_answer_not_modified(visitor, concrete):
    """Asked again with its mark, an unchanged page sends nothing."""
    for pattern in public_gets():
        if "POST" in line_of(pattern).methods or pattern.startswith(("/compte/", "/admin/")):
            continue
        first = visitor.get(concrete(pattern))
        if first.status_code == 200 and not first.streaming and "no-store" not in first.headers["Cache-Control"]:
            again = visitor.get(concrete(pattern), headers={"If-None-Match": first.headers["ETag"]})
            assert again.status_code == 304, pattern


@pytest.mark.parametrize("actor", ["stranger", "trainer", "documentalist"])
def test_pages_of_someone_logged_in_are_never_stored(request, concrete, actor):
    client = request.getfixturevalue(actor)
    for pattern in public_gets():
        response = client.get(concrete(pattern))
        if "immutable" not in response.headers.get("Cache-Control", ""):
            assert "no-store" in response.headers["Cache-Control"], pattern
