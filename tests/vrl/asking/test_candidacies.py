"""Becoming a trainer: the form with its paper, the decision, the session, the habilitation."""

import datetime
import io
import re
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from network.events import attestations
from network.events.models import Presence, RegistrationState
from network.events.registering import Refused
from resources.intake import Accepted
from resources.reading import KINDS
from tests.factories import accounts, vrl
from tests.vrl.asking.conftest import CANDIDACY
from trajectoire.core import tokens
from trajectoire.core.models import Invitation
from vrl import candidacies
from vrl.asking_forms import COMMITMENT, AgreementField
from vrl.models import Candidacy, Habilitation, Trainer
from vrl.vocabulary import CandidacyState

pytestmark = pytest.mark.usefixtures("world")
URL = "/vrl/devenir-formateur/"
ADMIN = "/admin/vrl/candidacy/"
State = CandidacyState


PHOTO = io.BytesIO()
Image.new("RGB", (4, 4), "white").save(PHOTO, "PNG")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def paper(text: bytes = b"signature") -> Accepted:
    """A paper already checked."""
    return Accepted(KINDS["pdf"], "accord.pdf", ContentFile(text), [])


def follow(one: Candidacy) -> str:
    return f"/vrl/candidature/{one.token}/"


def kept(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    """A function that takes a step and lets mails leave."""

    def ran(step, *args, **given):
        with django_capture_on_commit_callbacks(execute=True):
            return step(*args, **given)

    return ran


@pytest.fixture
def by(db):
    return accounts.user(is_staff=True)


@pytest.fixture
def attested(run, by):
    """Accepted, registered for a session held three days ago, there all day, attested."""
    held = vrl.session("n2", state="realisee", days=(-3,))
    one = vrl.candidacy("Ada Lovelace", departments=("21", "25"), agreement="vrl/candidatures/a.pdf")
    run(candidacies.accept, one, by, session=held)
    date = held.event.dates.get()
    Presence.objects.bulk_create(
        Presence(registration=one.registration, date=date, half_day=half, present=True) for half in ("matin", "apres-midi")
    )
    attestations.issue(held.event)
    mail.outbox.clear()
    return one


class TestForm:
    def test_candidacy_is_stored_acknowledged_and_told_to_the_centre(self, visitor, send, settings):
        settings.CONTACT_EMAIL = "centre@example.org"
        wished = vrl.session("n2", title="Devenir formatrice")
        url = f"{URL}?session={wished.event.slug}"
        assert "Devenir formatrice" in visitor.get(url).content.decode()
        response = send(visitor, url, CANDIDACY, agreement=upload("accord signé.png", PHOTO.getvalue()))
        assert (response.status_code, response.headers["Location"]) == (302, f"{URL}?envoyee")
        one = Candidacy.objects.get()
        assert (one.state, one.session, one.commitment) == (State.RECEIVED, wished, COMMITMENT)
        assert [place.code for place in one.departments.order_by("code")] == ["21", "25"]
        assert re.fullmatch(r"vrl/candidatures/[0-9a-f]{32}\.webp", one.agreement.name)
        to_person, to_centre = sorted(mail.outbox, key=lambda sent: sent.to)
        [token] = re.findall(r"/vrl/candidature/([^/]+)/", to_person.body)
        assert tokens.unsign("candidature-vrl", token) == one.pk
        assert (to_centre.to, to_centre.reply_to, "n’est pas joint" in to_centre.body) == (
            ["centre@example.org"],
            ["ada@example.org"],
            False,
        )
        assert "Votre candidature est envoyée." in visitor.get(f"{URL}?envoyee").content.decode()

    def test_without_a_paper_the_centre_is_told(self, visitor, send, settings):
        settings.CONTACT_EMAIL = "a@example.org"
        send(visitor, URL, CANDIDACY)
        assert "n’est pas joint" in next(sent.body for sent in mail.outbox if sent.to == ["a@example.org"])
        assert Candidacy.objects.get().session is None

    def test_sessions_that_take_candidacies_are_shown(self, visitor):
        vrl.session("n2", title="La prochaine")
        vrl.session("n2", title="La passée", days=(-5,))
        vrl.session("n2", title="Le brouillon", state="brouillon")
        assert [one["title"] for one in visitor.get(URL).context["coming"]] == ["La prochaine"]
        assert "ne reçoit plus de candidatures" in visitor.get(f"{URL}?session=inconnue").content.decode()

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("commitment", "", "sans cet engagement"),
            ("departments", [], "Choisissez au moins un département."),
            ("motivation", " ", "ce qui vous amène"),
            ("email", "ada", "n’est pas complète"),
        ],
    )
    def test_bad_input_gets_a_sentence_and_keeps_what_was_written(self, visitor, send, field, value, sentence):
        response = send(visitor, URL, CANDIDACY, **{field: value})
        html = response.content.decode()
        assert (response.status_code, sentence in html, "MJC des Grésilles" in html) == (400, True, True)
        assert not Candidacy.objects.exists()

    def test_robot_is_answered_like_a_person_and_crowds_wait(self, visitor, send):
        codes = [send(visitor, URL, CANDIDACY, website="x").status_code for _ in range(11)]
        assert (codes, Candidacy.objects.count()) == ([302] * 10 + [429], 0)

    @pytest.mark.parametrize(
        ("name", "content", "sentence"),
        [
            ("accord.exe", b"MZ", "Déposez l’accord en PDF"),
            ("accord.odt", b"0" * 10_000_001, "dépasse 10"),
            ("accord.pdf", b"MZ\x90\0" + b"0" * 50, "programme"),
            ("accord.pdf", b"", "vide"),
            ("accord.pdf", b"ID3\x03" + b"0" * 50, "Déposez l’accord en PDF"),
        ],
    )
    def test_paper_that_is_not_one_is_refused_with_its_reason(self, visitor, send, settings, name, content, sentence):
        response = send(visitor, URL, CANDIDACY, agreement=upload(name, content))
        assert (response.status_code, sentence in response.content.decode()) == (400, True)
        assert kept(settings) == []

    def test_no_paper_is_fine(self):
        assert AgreementField(required=False).clean(None) is None


class TestLink:
    def test_page_says_where_it_stands(self, visitor):
        one = vrl.candidacy(session=vrl.session("n2", title="La session"))
        response = visitor.get(follow(one))
        html = response.content.decode()
        assert ("Candidature reçue" in html, "La session" in html, "Session souhaitée" in html) == (True, True, True)
        assert "no-store" in response.headers["Cache-Control"]

    def test_paper_is_joined_later_and_replaces_the_former(self, visitor, send, settings, run):
        one = vrl.candidacy()
        run(candidacies.bring, one, paper())
        response = send(visitor, follow(one), {"action": "joindre"}, agreement=upload("a.png", PHOTO.getvalue()))
        assert response.headers["Location"].endswith("?joint")
        assert [path.suffix for path in kept(settings)] == [".webp"]
        assert "joint à votre candidature" in visitor.get(f"{follow(one)}?joint").content.decode()

    def test_joining_nothing_is_an_error(self, visitor, send):
        response = send(visitor, follow(vrl.candidacy()), {"action": "joindre"})
        assert (response.status_code, "Choisissez le fichier" in response.content.decode()) == (400, True)

    def test_joining_to_a_refused_one_is_refused(self, run):
        with pytest.raises(Refused, match="Refusée"):
            run(candidacies.bring, vrl.candidacy(state=State.REFUSED), paper())

    def test_withdrawing_gives_the_place_back_once(self, visitor, run, by):
        one = vrl.candidacy()
        run(candidacies.accept, one, by, session=vrl.session("n2"))
        mail.outbox.clear()
        for _ in range(2):
            run(visitor.post, follow(one), {"action": "retirer"})
        one.refresh_from_db()
        assert (one.state, one.registration.state) == (State.WITHDRAWN, RegistrationState.CANCELLED)
        assert len(mail.outbox) == 2  # the place, and the candidacy

    def test_one_that_nobody_read_yet_is_withdrawn(self, visitor, run):
        one = vrl.candidacy()
        run(visitor.post, follow(one), {"action": "retirer"})
        one.refresh_from_db()
        assert (one.state, len(mail.outbox)) == (State.WITHDRAWN, 1)

    def test_decided_one_is_not_withdrawn(self, visitor):
        response = visitor.post(follow(vrl.candidacy(state=State.HABILITATED)), {"action": "retirer"})
        assert (response.status_code, "déjà à l’étape" in response.content.decode()) == (409, True)

    def test_many_tries_wait(self, visitor):
        one = vrl.candidacy(state=State.REFUSED)
        assert [visitor.post(follow(one)).status_code for _ in range(11)] == [409] * 10 + [429]

    def test_link_changed_or_anonymous_is_unknown(self, visitor):
        one = vrl.candidacy()
        assert visitor.get(f"/vrl/candidature/{tokens.sign('demande-vrl', one.pk)}/").status_code == 404
        candidacies.forget(Candidacy.objects.all(), timezone.now())
        assert visitor.get(follow(one)).status_code == 404


class TestDecision:
    def test_accepted_with_a_session_is_registered_there_once(self, run, by):
        one, wished = vrl.candidacy(), vrl.session("n2")
        for _ in range(2):
            run(candidacies.accept, one, by, "Bienvenue.", wished)
        registered = wished.event.registrations.get()
        assert (one.registration, registered.state, registered.email) == (registered, RegistrationState.CONFIRMED, one.email)
        assert (one.state, one.decided_by, len(mail.outbox)) == (State.ACCEPTED, by, 2)
        assert any("Bienvenue." in sent.body for sent in mail.outbox)

    def test_refusal_needs_words_is_sent_once_and_may_be_taken_back(self, run, by):
        one = vrl.candidacy()
        with pytest.raises(Refused, match="Écrivez à la personne"):
            run(candidacies.refuse, one, by, "")
        for _ in range(2):
            run(candidacies.refuse, one, by, "Pas cette année.")
        assert len(mail.outbox) == 1
        run(candidacies.accept, one, by)
        assert one.state == State.ACCEPTED
        with pytest.raises(Refused, match="Acceptée"):
            run(candidacies.refuse, one, by, "x")

    def test_withdrawn_one_is_not_accepted(self, run, by):
        with pytest.raises(Refused, match="Retirée"):
            run(candidacies.accept, vrl.candidacy(state=State.WITHDRAWN), by)


class TestHabilitation:
    def test_one_click_makes_the_trainer_her_habilitation_and_her_invitation(self, run, by, attested):
        assert list(candidacies.with_attestation()) == [attested]
        for _ in range(2):
            made = run(candidacies.habilitate, attested, by)
        one = Habilitation.objects.get()
        assert (one.trainer, one.level, one.session, one.granted_by) == (made, "n2", attested.session, "Trajectoire Ressources")
        assert one.obtained_on == timezone.localdate() - datetime.timedelta(days=3)
        assert [place.code for place in made.departments.order_by("code")] == ["21", "25"]
        assert made.agreed_on == timezone.localdate()
        assert (Invitation.objects.get().group.name, Invitation.objects.get().email) == ("formateurs", attested.email)
        assert (attested.state, Trainer.objects.count()) == (State.HABILITATED, 1)
        assert {sent.to[0] for sent in mail.outbox} == {attested.email}

    def test_known_trainer_keeps_her_row_and_an_account_receives_the_role(self, run, by, attested):
        account = accounts.user(attested.email)
        known = Trainer.objects.create(name="Ada", email=attested.email.upper())
        assert run(candidacies.habilitate, attested, by) == known
        known.refresh_from_db()
        assert (known.user, [group.name for group in account.groups.all()]) == (account, ["formateurs"])
        assert not Invitation.objects.exists()

    def test_invitation_already_waiting_is_left_alone(self, run, by, attested):
        from django.contrib.auth.models import Group

        group, _ = Group.objects.get_or_create(name="formateurs")
        Invitation.objects.create(email=attested.email, group=group, invited_by=by)
        run(candidacies.habilitate, attested, by)
        assert Invitation.objects.count() == 1

    def test_not_before_the_attestation(self, run, by):
        one = vrl.candidacy()
        run(candidacies.accept, one, by, session=vrl.session("n2"))
        with pytest.raises(Refused, match="donnez d’abord l’attestation"):
            run(candidacies.habilitate, one, by)
        assert not candidacies.with_attestation().exists()


def test_names_and_paper_leave_two_years_after_a_refusal_and_one_after_a_habilitation(run, by, settings):
    now = timezone.now()
    refused, habilitated = vrl.candidacy(), vrl.candidacy(state=State.HABILITATED)
    run(candidacies.bring, refused, paper())
    run(candidacies.refuse, refused, by, "Non.")
    Candidacy.objects.filter(pk=refused.pk).update(updated_at=now - datetime.timedelta(days=731))
    Candidacy.objects.filter(pk=habilitated.pk).update(updated_at=now - datetime.timedelta(days=366))
    assert len(kept(settings)) == 1
    assert (run(candidacies.forget_old, now), run(candidacies.forget_old, now)) == (2, 0)
    refused.refresh_from_db()
    assert (str(refused), refused.motivation, refused.state, kept(settings)) == ("Candidature anonyme", "", State.REFUSED, [])


class TestAdmin:
    def save(self, client, one, run, **changes):
        given = {"session": one.session_id or "", "answer": "", "edited_version": one.version}
        return run(client.post, f"{ADMIN}{one.pk}/change/", given | changes, follow=True).content.decode()

    def steps(self, client, one):
        return [name for name, _ in client.get(f"{ADMIN}{one.pk}/change/").context["steps"]]

    def test_buttons_follow_the_state(self, coordinator, attested):
        assert self.steps(coordinator, vrl.candidacy()) == ["accept", "refuse"]
        assert self.steps(coordinator, vrl.candidacy(state=State.ACCEPTED)) == ["accept"]
        assert self.steps(coordinator, vrl.candidacy(state=State.WITHDRAWN)) == []
        assert self.steps(coordinator, attested) == ["habilitate"]

    def test_each_button_does_what_it_says(self, coordinator, run, attested):
        one, other, wished = vrl.candidacy(), vrl.candidacy(), vrl.session("n2")
        assert "est acceptée" in self.save(coordinator, one, run, session=wished.pk, answer="Oui.", _step="accept")
        assert "est refusée" in self.save(coordinator, other, run, answer="Non.", _step="refuse")
        assert "habilitée N2" in self.save(coordinator, attested, run, _step="habilitate")
        assert wished.event.registrations.get().email == one.email
        assert coordinator.get(ADMIN, {"departement": "25"}).context["cl"].result_count == 1

    def test_stale_form_is_refused(self, coordinator, run):
        one = vrl.candidacy()
        assert "pendant que vous le modifiiez" in self.save(coordinator, one, run, edited_version="9")

    def test_paper_is_given_to_the_team_only_and_never_stored(self, coordinator, documentalist, visitor, run):
        one = vrl.candidacy()
        url = f"{ADMIN}{one.pk}/accord/"
        assert coordinator.get(url).status_code == 404
        run(candidacies.bring, one, paper(b"%PDF-1.4"))
        assert url in coordinator.get(f"{ADMIN}{one.pk}/change/").content.decode()
        response = coordinator.get(url)
        assert (b"".join(response), response.headers["Content-Type"]) == (b"%PDF-1.4", "application/pdf")
        assert "no-store" in response.headers["Cache-Control"]
        assert "sandbox" in response.headers["Content-Security-Policy"]
        assert documentalist.get(url).status_code == 403
        assert visitor.get(url).status_code == 302
        assert visitor.get(f"/medias-internes/{one.agreement.name}").status_code == 404

    def test_nobody_is_added_by_hand(self, coordinator):
        assert coordinator.get(f"{ADMIN}add/").status_code == 403
