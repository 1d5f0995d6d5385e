"""Attestations: who is due one, numbers without a gap, the same file again, corrected, revoked, forgotten."""

import datetime
import io
import re
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction
from django.utils import timezone

from network.events import attestations, presence, questionnaires
from network.events.attestations import NotDue, correct, issue, revoke
from network.events.models import Attestation, AttestationYear, Event, Presence, Registration, Series
from network.events.presence import Tick
from network.models import Organisation
from tests.core.test_pdf import opened, text_of
from tests.factories import accounts, events
from trajectoire.core import retention

pytestmark = pytest.mark.django_db
State = Attestation.State


def attended(event, *slots, **given) -> Registration:
    """Somebody there at these half-days (all of them without any named)."""
    person, known = events.registration(event, **given), presence.slots(event)
    ticks = [Tick(person.pk, slot.key, True, timezone.now()) for slot in known if not slots or known.index(slot) in slots]
    presence.record(event, ticks, None)
    return person


def numbers() -> list[str]:
    return [one.number for one in Attestation.objects.in_order()]


@pytest.fixture
def past():
    return events.event("Une journée", days=(-2,), venue="MJC", address="Dijon")


@pytest.fixture
def year() -> int:
    return timezone.localdate().year


def path(event, more: str = "") -> str:
    return f"/agenda/{event.slug}/attestations/{more}"


def test_those_above_the_threshold_get_one(past, year):
    ada, _ = attended(past, name="Ada"), attended(past, 0, name="Léo")
    events.registration(past, name="Absente")
    attended(past, name="Anonyme", anonymous_since=timezone.now())
    [made] = issue(past, accounts.administrator())
    assert (made.registration, made.number, made.attended, made.planned) == (ada, f"{year}-0001", 2, 2)
    assert attestations.attestation_for(ada) == made
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{16}", made.code)


def test_issuing_again_makes_only_what_is_missing(past, year):
    attended(past)
    assert len(issue(past)) == 1
    assert issue(past) == []
    attended(past)
    assert len(issue(past)) == 1
    assert numbers() == [f"{year}-0001", f"{year}-0002"]


def test_numbers_follow_across_events_and_begin_again_each_year(past, year):
    AttestationYear.objects.create(year=year - 1, last=40)
    attended(past), attended(past)
    issue(past)
    other = events.event(days=(-1,))
    attended(other)
    issue(other)
    assert numbers() == [f"{year}-0001", f"{year}-0002", f"{year}-0003"]


def test_failure_loses_no_number(past, year):
    attended(past)
    with transaction.atomic():
        issue(past)
        transaction.set_rollback(True)
    issue(past)
    assert numbers() == [f"{year}-0001"]


@pytest.mark.parametrize("count", [1, 3])
def test_issuing_takes_the_same_queries_whatever_the_people(past, count, django_assert_num_queries):
    for _ in range(count):
        attended(past)
    with django_assert_num_queries(13):
        assert len(issue(past)) == count


@pytest.mark.parametrize(("days", "ready"), [((-2,), True), ((0,), True), ((-3, 0), True), ((-3, 1), False), ((), False)])
def test_nothing_before_the_last_day(days, ready):
    assert attestations.may_issue(events.event(days=days)) is ready


def test_cycle_attests_of_the_whole():
    cycle = Series.objects.create(title="Cycle laïcité")
    first, last = (events.event(title, days=(day,), series=cycle) for title, day in (("Un", -9), ("Deux", -1)))
    for event in (first, last):
        event.series.refresh_from_db()
    person = attended(first)
    presence.mark_everyone(last, presence.slots(last)[0], None)
    presence.mark_everyone(last, presence.slots(last)[1], None)
    [made] = issue(first)
    assert (made.registration, made.facts["title"], made.planned) == (person, "Cycle laïcité", 4)
    assert len(made.facts["half_days"]) == 4


def test_file_says_what_was_true_and_comes_out_the_same(past, settings):
    past.organisers.add(Organisation.objects.create(name="Régie du Grand Mail", kind="association"))
    attended(past, name="Ada L’Écuyer")
    [made] = issue(past)
    before = attestations.attestation_pdf(made)
    Registration.objects.update(name="Une autre")
    Presence.objects.all().delete()
    Event.objects.update(title="Autre titre", venue="Ailleurs")
    pdf = attestations.attestation_pdf(Attestation.objects.get())
    assert pdf == before
    text = " ".join(text_of(pdf).replace("\u00a0", " ").split())
    day = timezone.localtime(past.dates.get().starts_at).day
    for words in (made.number, "Ada L’Écuyer", "Une journée", "MJC, Dijon", "Régie du Grand Mail", "2 demi-journées sur 2"):
        assert words in text
    assert f"{day}" in text
    assert "matin et après-midi" in text
    assert f"{settings.SITE_URL}/verifier/{made.code}/" in text
    with opened(pdf) as document:
        assert document.is_tagged()
        assert len(document) == 1
        assert document.get_metadata_value("Title") == f"Attestation de participation {made.number}"
    assert b"pdfuaid:part" in pdf


@pytest.mark.parametrize("name", ["😀", '#panic("x")', "中文 名", "A" * 120])
def test_any_name_and_many_days_make_a_file(name):
    event = events.event("T" * 200, days=tuple(range(-15, 0)), mode="en-ligne")
    attended(event, name=name)
    [made] = issue(event)
    assert attestations.attestation_pdf(made).startswith(b"%PDF")
    assert attestations.contents(made)["place"] == "En ligne"


def test_correction_replaces_with_the_same_number(past, year):
    person = attended(past, name="Ada Martn")
    [old] = issue(past)
    Registration.objects.filter(pk=person.pk).update(name="Ada Martin")
    new = correct(old, "nom mal écrit", accounts.administrator())
    old.refresh_from_db()
    assert (old.state, old.reason, old.name) == (State.REPLACED, "nom mal écrit", "Ada Martn")
    assert (new.number, new.name, new.state) == (f"{year}-0001, version 2", "Ada Martin", State.VALID)
    assert new.code != old.code
    assert attestations.attestation_for(person) == new
    assert correct(old, "encore").version == 3
    assert Attestation.objects.valid().count() == 1


def test_what_is_no_longer_due_is_not_corrected(past):
    attended(past)
    [made] = issue(past)
    Presence.objects.update(present=False)
    with pytest.raises(NotDue, match="retirez plutôt"):
        correct(made, "essai")
    Registration.objects.update(name="")
    with pytest.raises(NotDue, match="effacé"):
        correct(made, "essai")
    assert Attestation.objects.get().state == State.VALID


def test_revoked_one_may_be_made_anew_but_not_by_itself(past):
    person = attended(past)
    [made] = issue(past)
    assert revoke(made, "erreur de personne") is True
    assert revoke(made, "encore") is False
    assert attestations.attestation_for(person) is None
    assert issue(past) == []
    assert correct(made, "finalement oui").version == 2
    made.refresh_from_db()
    assert (made.state, made.reason) == (State.REVOKED, "erreur de personne")


@pytest.mark.parametrize("gone", ["anonymous", "deleted", "old"])
def test_names_go_and_the_rest_stays(past, year, gone):
    person = attended(past, name="Ada Martin")
    [made] = issue(past)
    now = timezone.now()
    assert attestations.forget_names(now) == 0
    if gone == "anonymous":
        Registration.objects.update(anonymous_since=now, name="")
    elif gone == "deleted":
        person.presences.all().delete()
        person.delete()
    else:
        now += datetime.timedelta(days=3 * 365 + 5)
    assert attestations.forget_names(now) == 1
    assert attestations.forget_names(now) == 0
    made.refresh_from_db()
    assert (made.name, made.number, made.attended, made.event) == ("", f"{year}-0001", 2, past)


def test_retention_knows_the_rule():
    assert "Noms des attestations" in [rule.label for rule in retention.rules()]


def test_own_link_gives_the_file(visitor, past):
    person = attended(past)
    address = f"/inscription/{person.token}/attestation.pdf"
    assert visitor.get(address).status_code == 404
    issue(past)
    response = visitor.get(address)
    assert response.headers["Content-Type"] == "application/pdf"
    assert "no-store" in response.headers["Cache-Control"]
    assert visitor.get(f"/inscription/{person.token}x/attestation.pdf").status_code == 404
    other = events.registration(past)
    assert visitor.get(f"/inscription/{other.token}/attestation.pdf").status_code == 404


@pytest.mark.parametrize("how", ["revoked", "link", "forgotten"])
def test_own_link_gives_nothing_any_more(visitor, past, how):
    person = attended(past)
    address = f"/inscription/{person.token}/attestation.pdf"
    [made] = issue(past)
    if how == "revoked":
        revoke(made, "erreur")
    elif how == "link":
        Registration.objects.update(link_version=2)
    else:
        Attestation.objects.update(name="")
    assert visitor.get(address).status_code == 404


def test_staff_issues_from_the_page(administrator, past):
    attended(past)
    assert "Faire les attestations" in administrator.get(path(past)).content.decode()
    response = administrator.post(path(past), {"action": "faire"})
    assert response.headers["Location"] == path(past)
    page = administrator.get(path(past)).content.decode()
    assert "1\u00a0attestation faite." in page
    assert "Personne n’attend" in page


def test_too_early_says_so_and_makes_nothing(administrator):
    event = events.event(days=(-3, 1))
    event.threshold = 50
    event.save()
    attended(event)
    assert "à partir du dernier jour" in administrator.get(path(event)).content.decode()
    administrator.post(path(event), {"action": "faire"})
    assert not Attestation.objects.exists()


def test_staff_corrects_and_revokes_with_a_reason(administrator, past):
    attended(past, name="Ada")
    [made] = issue(past)

    def act(action, reason="", pk=None):
        given = {"action": action, "attestation": pk or made.pk, "motif": reason}
        return administrator.post(path(past), given, follow=True).content.decode()

    assert "écrivez le motif" in act("corriger")
    assert "remplace la précédente" in act("corriger", "nom")
    latest = Attestation.objects.valid().get()
    assert "est retirée" in act("retirer", "erreur", latest.pk)
    act("retirer", "encore", latest.pk)
    act("inconnue", "essai", latest.pk)
    assert [one.state for one in Attestation.objects.in_order()] == [State.REPLACED, State.REVOKED]
    Presence.objects.all().delete()
    assert "n’a pas suivi assez" in act("corriger", "essai", latest.pk)


@pytest.mark.parametrize("pk", ["", "0", "x", "9" * 30])
def test_attestation_of_another_event_is_not_reached(administrator, past, pk):
    elsewhere = events.event(days=(-1,))
    attended(elsewhere)
    [made] = issue(elsewhere)
    for number in (pk, made.pk):
        given = {"action": "retirer", "motif": "essai", "attestation": number}
        assert administrator.post(path(past), given).status_code == 404
    assert Attestation.objects.valid().exists()


def test_page_tells_what_is_no_longer_true(administrator, past):
    names = {"nom": "Ada", "moins": "Bea", "rien": "Cleo", "efface": "Dan", "plus": "Eva"}
    people = {key: attended(past, name=name) for key, name in names.items()}
    issue(past)
    events.add_date(past, -1)
    Event.objects.update(threshold=20)
    Registration.objects.filter(pk=people["nom"].pk).update(name="Ada Martin")
    Registration.objects.filter(pk=people["efface"].pk).update(name="")
    people["rien"].presences.all().delete()
    slots = presence.slots(past)
    presence.record(past, [Tick(people["plus"].pk, slots[2].key, True, timezone.now())], None)
    rows = administrator.get(path(past)).context["rows"]
    told = {row["attestation"].name: row["change"].replace("\u00a0", " ") for row in rows}
    assert told == {
        "Ada": "Le nom est maintenant « Ada Martin » : à corriger.",
        "Bea": "La présence est maintenant de 2 sur 4 : à corriger.",
        "Cleo": "La présence ne suffit plus : à retirer.",
        "Dan": "",
        "Eva": "La présence est maintenant de 3 sur 4 : à corriger.",
    }


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_whatever_the_attestations(administrator, past, count, django_assert_num_queries):
    for _ in range(count):
        attended(past)
    issue(past)
    with django_assert_num_queries(7):
        administrator.get(path(past))


def test_staff_opens_one_file_and_all_of_them(administrator, past, year):
    for name in ("Ada", "Léo", "Mia"):
        attended(past, name=name)
    made = issue(past)
    revoke(made[1], "erreur")
    assert administrator.get(f"/agenda/attestations/{made[1].pk}.pdf").content.startswith(b"%PDF")
    response = administrator.get(path(past, "toutes.zip"))
    assert response.streaming
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    assert archive.namelist() == [f"attestation-{year}-0001.pdf", f"attestation-{year}-0003.pdf"]
    assert archive.read(archive.namelist()[0]) == attestations.attestation_pdf(made[0])
    assert administrator.head(path(past, "toutes.zip")).status_code == 200


def test_archives_wait_their_turn(administrator, past):
    given = [administrator.get(path(past, "toutes.zip")) for _ in range(3)]
    assert [response.status_code for response in given] == [200, 200, 429]
    assert given[2].headers["Retry-After"] == "20"
    b"".join(given[0].streaming_content)
    assert administrator.get(path(past, "toutes.zip")).status_code == 200


@pytest.mark.parametrize("actor", ["stranger", "trainer", "powerless", "documentalist"])
def test_pages_do_not_exist_for_others(request, actor, past):
    client = request.getfixturevalue(actor)
    attended(past)
    [made] = issue(past)
    for address in (path(past), path(past, "toutes.zip"), f"/agenda/attestations/{made.pk}.pdf"):
        assert client.get(address).status_code == 404
    assert client.post(path(past), {"action": "retirer", "attestation": made.pk, "motif": "x"}).status_code == 404
    assert Attestation.objects.valid().exists()


@pytest.mark.django_db(transaction=True)
def test_numbers_are_given_once_when_staff_issue_together(past, year):
    for _ in range(3):
        attended(past)
    other = events.event(days=(-1,))
    attended(other)

    def together(event: Event) -> None:
        try:
            issue(Event.objects.get(pk=event.pk))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(together, [past, other, past, other]))
    assert numbers() == [f"{year}-000{rank}" for rank in range(1, 5)]


def test_own_page_shows_the_code_before_and_the_attestation_after(visitor, past):
    coming, person = events.registration(events.event(days=(3,))), attended(past)
    questionnaires.load_bank()
    questionnaires.prepare(past, "chaud")
    page = visitor.get(f"/inscription/{coming.token}/").content.decode()
    assert 'aria-label="Code QR de votre inscription"><svg' in page
    assert "Télécharger mon attestation" not in page
    online = events.registration(events.event(days=(3,), mode="en-ligne"))
    assert "Code QR" not in visitor.get(f"/inscription/{online.token}/").content.decode()
    issue(past)
    page = visitor.get(f"/inscription/{person.token}/").content.decode()
    assert "Code QR" not in page
    assert "Télécharger mon attestation" in page
    assert "Donner mon avis" in page
    Registration.objects.update(answered_hot=True)
    assert "Donner mon avis" not in visitor.get(f"/inscription/{person.token}/").content.decode()
