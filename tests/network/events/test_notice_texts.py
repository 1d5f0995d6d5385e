"""The texts of the mails: the site's own, staff's for all events, staff's for one; no mail with a hole."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from network.events.models import Event, NoticeText
from network.events.notice_texts import DEFAULTS, NoticeKind, check_marks, filled, place_of, subject_for, text_for
from tests.factories.admin import errors, save
from tests.factories.events import event, registration

LIST = "/admin/events/noticetext/"
ADD = f"{LIST}add/"
WRITTEN = {"kind": "merci", "event": "", "subject": "Merci : [titre]", "text": "À bientôt, [prénom et nom]."}


class TestWords:
    @pytest.mark.parametrize("kind", NoticeKind)
    def test_every_mail_has_words_whose_marks_are_known(self, kind):
        words = DEFAULTS[kind]
        check_marks(words.subject)
        check_marks(words.text)
        assert "[titre]" in words.subject
        assert len(words.text) > 60

    def test_marks_are_replaced(self, db):
        made = event("Journée", venue="MJC")
        assert subject_for("confirmation", made) == "Inscription confirmée\u00a0: Journée"
        text = text_for("confirmation", made)
        assert "«\u00a0Journée\u00a0»" in text
        assert "9\u00a0h\u00a0– 17\u00a0h" in text
        assert "Où\u00a0: MJC" in text
        assert filled("[prénom et nom], [titre]", made, "Ada") == "Ada, Journée"

    def test_title_on_several_lines_stays_on_one_in_the_subject(self, db):
        made = event("Journée\r\nBcc: a@b.fr")
        assert subject_for("refus", made) == "Votre candidature\u00a0: Journée Bcc: a@b.fr"

    def test_undated_event_says_so(self, db):
        assert "Quand\u00a0: date à fixer" in text_for("confirmation", event(days=()))

    def test_each_date_is_said(self, db):
        assert text_for("confirmation", event(days=(3, 9))).count("\u202f; ") == 1

    def test_place_follows_the_way_of_attending(self, world):
        town = Event.place.field.related_model.objects.get(code="25056")
        assert place_of(Event(mode="en-ligne", venue="MJC")) == "en ligne"
        assert place_of(Event(mode="mixte", venue="MJC")) == "MJC, ou en ligne"
        assert place_of(Event(venue="MJC", place=town)) == f"MJC, {town.name}"
        assert place_of(Event()) == "lieu à préciser"

    def test_words_of_the_event_go_before_those_of_all(self, db):
        made, other = event(), event()
        NoticeText.objects.create(kind="merci", subject="Pour tous", text="Pour tous")
        assert text_for("merci", made) == "Pour tous"
        NoticeText.objects.create(kind="merci", event=made, subject="Pour elle", text="Pour elle")
        assert (subject_for("merci", made), subject_for("merci", other)) == ("Pour elle", "Pour tous")


class TestHoles:
    @pytest.mark.parametrize("text", ["Bonjour [prenom]", "[Titre]", "[]", "[date ]"])
    def test_unknown_mark_is_refused_wherever_it_is_written(self, db, text):
        with pytest.raises(ValidationError, match="n’est pas une marque connue"):
            check_marks(text)
        with pytest.raises(ValidationError):
            NoticeText.objects.create(kind="merci", subject="x", text=text)
        with pytest.raises(ValidationError):
            NoticeText.objects.create(kind="merci", subject=text, text="x")
        with pytest.raises(ValidationError):
            filled(text, Event())

    def test_form_says_it(self, administrator):
        response = administrator.post(ADD, WRITTEN | {"text": "Bonjour [prenom]"})
        assert "[prenom]" in errors(response)
        assert "remplacez les crochets" in errors(response)

    def test_one_text_a_kind_for_all_and_one_an_event(self, administrator):
        made = event()
        for pk in ("", made.pk):
            administrator.post(ADD, WRITTEN | {"event": pk})
        assert NoticeText.objects.count() == 2
        for pk in ("", made.pk):
            assert "a déjà" in errors(administrator.post(ADD, WRITTEN | {"event": pk}))
        with pytest.raises(IntegrityError), transaction.atomic():
            NoticeText.objects.create(kind="merci", subject="x", text="x")


class TestScreens:
    def test_every_mail_is_listed_with_where_its_words_come_from(self, administrator):
        made = event("Journée")
        NoticeText.objects.create(kind="merci", subject="x", text="x")
        NoticeText.objects.create(kind="merci", event=made, subject="x", text="x")
        NoticeText.objects.create(kind="refus", subject="x", text="x")
        origins = {row["label"]: row["origin"] for row in administrator.get(LIST).context["rows"]}
        assert len(origins) == len(NoticeKind)
        assert origins["Remerciement, aux personnes présentes"] == "texte de l’équipe"
        assert origins["Inscription confirmée"] == "texte du site"
        page = administrator.get(LIST, {"event": made.pk})
        mine = {row["label"]: row for row in page.context["rows"]}
        assert mine["Remerciement, aux personnes présentes"]["origin"] == "texte de cet événement"
        assert mine["Candidature refusée"]["origin"] == "texte de l’équipe"
        assert mine["Candidature refusée"]["edit"].startswith(ADD)
        assert "Journée" in page.content.decode()

    @pytest.mark.parametrize("kind", NoticeKind)
    def test_every_mail_has_a_preview(self, administrator, kind):
        html = administrator.get(f"{LIST}{kind}/apercu/").content.decode()
        assert "Camille Martin" in html
        frame = administrator.get(f"{LIST}{kind}/message/")
        assert "Camille Martin" in frame.content.decode()
        assert "sandbox" in frame.headers["Content-Security-Policy"]

    def test_preview_of_one_event(self, administrator):
        made = event("Journée")
        html = administrator.get(f"{LIST}merci/apercu/", {"event": made.pk}).content.decode()
        assert "Merci de votre participation\u00a0: Journée" in html
        assert f"message/?event={made.pk}" in html

    @pytest.mark.parametrize(
        "address", ["rien/apercu/", "rien/message/", "merci/apercu/?event=0", "merci/apercu/?event=x", "?event=0"]
    )
    def test_what_does_not_exist_is_not_found(self, administrator, address):
        assert administrator.get(f"{LIST}{address}").status_code == 404

    def test_form_opens_with_the_words_in_use_and_shows_the_mail_once_saved(self, administrator):
        made = event()
        form = administrator.get(ADD, {"kind": "merci", "event": made.pk}).context["adminform"].form
        assert form.initial["subject"] == DEFAULTS["merci"].subject
        assert administrator.get(ADD, {"kind": "rien"}).context["adminform"].form.initial.get("subject") is None
        answer = administrator.post(ADD, WRITTEN | {"event": made.pk, "text": "Bravo\r\net merci."}, follow=True)
        assert "Bravo" in answer.content.decode()
        stored = NoticeText.objects.get()
        assert (stored.text, stored.version) == ("Bravo\net merci.", 1)
        assert str(stored) == f"Remerciement, aux personnes présentes ({made})"
        changed = save(administrator, f"{LIST}{stored.pk}/change/", event="")
        assert changed.headers["Location"] == f"{LIST}merci/apercu/"

    def test_second_editor_overwrites_nothing(self, administrator):
        stored = NoticeText.objects.create(kind="merci", subject="x", text="x", version=3)
        late = save(administrator, f"{LIST}{stored.pk}/change/", text="y", edited_version="2")
        assert "a enregistré ce contenu" in errors(late)

    def test_readers_do_not_come_in(self, documentalist, powerless):
        for client in (documentalist, powerless):
            assert client.get(LIST).status_code == 403
            assert client.get(f"{LIST}merci/apercu/").status_code == 403

    def test_who_may_only_see_changes_nothing(self, powerless):
        from django.contrib.auth.models import Permission

        powerless.user.user_permissions.add(Permission.objects.get(codename="view_noticetext"))
        assert {row["edit"] for row in powerless.get(LIST).context["rows"]} == {""}
        assert "Changer le texte" not in powerless.get(f"{LIST}merci/apercu/").content.decode()


def test_words_of_staff_leave_with_the_mail(administrator, django_capture_on_commit_callbacks):
    from django.core import mail

    from network.events.registering import cancel

    made = event("Journée")
    NoticeText.objects.create(kind="desinscription", subject="Dommage : [titre]", text="Au revoir, [prénom et nom].")
    with django_capture_on_commit_callbacks(execute=True):
        cancel(registration(made, name="Ada"), by_staff=True)
    assert (mail.outbox[0].subject, "Au revoir, Ada." in mail.outbox[0].body) == ("Dommage : Journée", True)
