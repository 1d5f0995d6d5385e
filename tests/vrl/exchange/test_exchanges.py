"""Questions between trainers: read by coordination first, then by all; told in one digest."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.factories import accounts, vrl
from tests.factories.documents import document
from trajectoire.core import mail
from trajectoire.core.outbox import OutgoingMail
from trajectoire.core.roles import VRL
from vrl import digests, exchange_views, exchanging, mail_choice, personal_kit
from vrl.models import DigestSent, Favourite, KitReading, Reply, Topic, Trainer
from vrl.vocabulary import Shown

pytestmark = pytest.mark.usefixtures("world")
LIST = "/vrl/espace/echanges/"
ASK = f"{LIST}nouvelle/"


@pytest.fixture
def asker() -> Trainer:
    return vrl.trainer(name="Anne Curieuse")


@pytest.fixture
def other() -> Trainer:
    return vrl.trainer(name="Béa Autre")


def shown(author: Trainer, title: str = "Comment commencer ?", **given) -> Topic:
    return Topic.objects.create(author=author, title=title, state=Shown.SHOWN, shown_at=timezone.now(), **given)


def test_question_waits_for_moderation_and_its_author_sees_it(browser, asker, other):
    part = vrl.kit_part("Poser le cadre")
    mine, hers = browser(asker.user), browser(other.user)
    assert "selected>Poser le cadre</option>" in mine.get(ASK, {"partie": part.document.slug}).content.decode()
    answer = mine.post(ASK, {"title": "Que dire d'abord ?", "text": "", "document": part.document_id, "situation": ""})
    [topic] = Topic.objects.all()
    assert (answer.url, topic.title, topic.author) == (f"{LIST}{topic.pk}/", "Que dire d’abord\u202f?", asker)
    assert "À relire" in mine.get(LIST).content.decode()
    assert "Que dire" not in hers.get(LIST).content.decode()
    assert hers.get(answer.url).status_code == 404
    exchanging.moderate(Topic.objects.all(), Shown.SHOWN)
    assert "Que dire" in hers.get(LIST).content.decode()
    assert "Que dire" in hers.get(part.get_absolute_url()).content.decode()
    assert "Poser le cadre" in hers.get(answer.url).content.decode()


def test_answer_waits_too(browser, asker, other):
    topic, hers = shown(asker), browser(other.user)
    here = f"{LIST}{topic.pk}/"
    assert hers.post(here, {"text": " "}).status_code == 400
    assert hers.post(here, {"text": "Par une photo."}).status_code == 302
    assert "Par une photo." in hers.get(here).content.decode()
    assert "Par une photo." not in browser(asker.user).get(here).content.decode()
    exchanging.moderate(Reply.objects.all(), Shown.SHOWN)
    assert "Par une photo." in browser(asker.user).get(here).content.decode()
    assert "1\u00a0réponse" in browser(asker.user).get(LIST).content.decode()
    exchanging.moderate(Reply.objects.all(), Shown.HIDDEN)
    assert "Par une photo." not in hers.get(here).content.decode()


def test_question_about_a_situation_and_one_whose_author_is_gone(browser, asker):
    situation = vrl.situation("Que répondre ?")
    shown(asker, "Sur une situation", situation=situation)
    topic = shown(asker, "Orpheline", document=document("Hors du kit"))
    Topic.objects.filter(pk=topic.pk).update(author=None)
    client = browser(asker.user)
    html = client.get(LIST).content.decode()
    assert "Que répondre" in html
    assert "Une personne qui a quitté le réseau" in html
    assert "selected>Que répondre" in client.get(ASK, {"situation": situation.slug}).content.decode()


def test_empty_forms_and_too_many_messages_are_refused(browser, asker, monkeypatch):
    client = browser(asker.user)
    assert client.post(ASK, {"title": ""}).status_code == 400
    topic = shown(asker)
    monkeypatch.setattr(exchanging, "A_DAY", 0)
    assert exchange_views.TOO_MANY in client.post(ASK, {"title": "Encore ?"}).content.decode()
    assert exchange_views.TOO_MANY in client.post(f"{LIST}{topic.pk}/", {"text": "Encore."}).content.decode()
    assert (Topic.objects.count(), Reply.objects.count()) == (1, 0)


def test_trainer_on_pause_reads_and_does_not_write(browser, asker):
    paused = browser(vrl.trainer(state="en-pause").user)
    topic = shown(asker)
    assert exchange_views.TITLE in paused.get(LIST).content.decode()
    assert paused.get(ASK).status_code == 403
    assert paused.post(f"{LIST}{topic.pk}/", {"text": "Je réponds."}).status_code == 403
    assert not Reply.objects.exists()


def test_coordination_reads_everything_and_moderates(browser, asker):
    topic = Topic.objects.create(author=asker, title="À relire d’abord")
    Reply.objects.create(topic=topic, author=asker, text="Et ceci.")
    client = browser(accounts.in_role(VRL))
    page = client.get(f"{LIST}{topic.pk}/")
    assert "Relire dans l’administration" in page.content.decode()
    assert client.post(f"{LIST}{topic.pk}/", {"text": "Moi aussi."}).status_code == 404
    for model, state in (("topic", Shown.SHOWN), ("reply", Shown.SHOWN), ("topic", Shown.HIDDEN)):
        name = "show" if state == Shown.SHOWN else "hide"
        here = f"/admin/vrl/{model}/"
        client.post(here, {"action": name, "_selected_action": [1, topic.pk, Reply.objects.get().pk]})
    topic.refresh_from_db()
    assert (topic.state, Reply.objects.get().state) == (Shown.HIDDEN, Shown.SHOWN)
    client.post(f"/admin/vrl/topic/{topic.pk}/change/", {"state": Shown.SHOWN})
    topic.refresh_from_db()
    assert (topic.state, topic.shown_at is not None) == (Shown.SHOWN, True)


def test_work_list_counts_what_is_to_read(browser, asker):
    topic = Topic.objects.create(author=asker, title="À relire")
    Reply.objects.create(topic=topic, author=asker, text="Et ceci.")
    vrl.situation("Que répondre ?", review_on=timezone.localdate())
    opened = vrl.kit_part("Ouverte")
    type(opened.document).objects.filter(pk=opened.document_id).update(access="public")
    html = browser(accounts.in_role(VRL)).get("/admin/").content.decode()
    for words in (
        "question entre pairs à relire",
        "réponse entre pairs à relire",
        "situation à relire",
        "situation à valider",
        "partie du kit ouverte",
    ):
        assert f'<span class="number">1</span> <span>{words}' in html
    client = browser(accounts.in_role(VRL))
    for address in (
        "situation/?travail=relire",
        "situation/",
        "kitpart/?travail=ouverte",
        "kitpart/?travail=annoncer",
        "kitpart/",
    ):
        assert client.get(f"/admin/vrl/{address}").status_code == 200


# The digest.


def old(author: Trainer) -> Topic:
    """Let through an hour ago."""
    made = shown(author)
    Topic.objects.filter(pk=made.pk).update(shown_at=timezone.now() - datetime.timedelta(hours=1))
    return made


def sent_to(trainer: Trainer) -> int:
    return OutgoingMail.objects.filter(kind="exchange_digest", recipient=trainer.email).count()


def test_digest_tells_each_message_once_and_never_one_s_own(asker, other):
    topic = old(asker)
    reply = Reply.objects.create(topic=topic, author=asker, text="Précision.", state=Shown.SHOWN)
    Reply.objects.filter(pk=reply.pk).update(shown_at=timezone.now() - datetime.timedelta(hours=1))
    call_command("send_exchange_digest", "--days", "7")
    assert digests.send_all() == 0
    assert (sent_to(asker), sent_to(other)) == (0, 1)
    text = OutgoingMail.objects.get(kind="exchange_digest").body.text
    assert "Comment commencer ?" in text
    assert "Réponse à" in text
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    assert digests.send_all(now=tomorrow) == 0
    Topic.objects.create(author=asker, title="Nouvelle", state=Shown.SHOWN, shown_at=timezone.now())
    assert digests.send_all(days=7, now=tomorrow) == 0
    assert digests.send_all(now=tomorrow) == 1


def test_digest_of_one_that_fails_does_not_keep_others_from_theirs(asker, other, monkeypatch):
    old(vrl.trainer())
    post = mail.post

    def broken(kind, to, *args, **kwargs):
        if to == asker.email:
            raise OSError
        return post(kind, to, *args, **kwargs)

    monkeypatch.setattr(mail, "post", broken)
    assert digests.send_all() == 1
    assert not DigestSent.objects.filter(trainer=asker).exists()
    monkeypatch.undo()
    assert digests.send_all() == 1
    assert (sent_to(asker), sent_to(other)) == (1, 1)


def test_who_said_no_left_or_lost_the_role_receives_nothing(asker, browser):
    old(asker)
    refused, lost = vrl.trainer(digest=False), vrl.trainer()
    lost.user.groups.clear()
    vrl.gone_trainer()
    assert digests.send_all() == 0
    assert (sent_to(refused), sent_to(lost)) == (0, 0)


def test_link_of_a_mail_ends_it_in_one_click(visitor, asker):
    url = mail_choice.leave_url(asker, "digest").removeprefix("http://127.0.0.1:8000")
    assert "Ne plus recevoir ces e-mails" in visitor.get(url).content.decode()
    asker.refresh_from_db()
    assert asker.digest
    assert "C’est fait" in visitor.post(url).content.decode()
    assert "C’est fait" in visitor.get(url).content.decode()
    asker.refresh_from_db()
    assert (asker.digest, asker.kit_mail) == (False, True)
    assert visitor.get(f"{url[:-3]}aa/").status_code == 404


def test_rows_say_what_they_are(asker):
    part = vrl.kit_part("Poser le cadre")
    assert str(Reply(text="Par une photo.")) == "Par une photo."
    assert str(DigestSent(trainer=asker)) == "Anne Curieuse"
    assert str(Favourite(trainer=asker, document=part.document)) == "Poser le cadre"


def test_own_data_is_copied_and_erased(asker):
    part = vrl.kit_part("Poser le cadre")
    topic = shown(asker, text="Mes mots.")
    reply = Reply.objects.create(topic=topic, author=asker, text="Mes mots.")
    Favourite.objects.create(trainer=asker, document=part.document)
    KitReading.objects.create(user=asker.user, document=part.document)
    email = asker.email
    for rows, copy, forget in (
        (personal_kit._readings, personal_kit._read, personal_kit._forget_reading),
        (personal_kit._favourites, personal_kit._kept, personal_kit._forget_favourite),
        (personal_kit._topics, personal_kit._asked, personal_kit._forget_topic),
        (personal_kit._replies, personal_kit._answered, personal_kit._forget_reply),
    ):
        [found] = rows(email)
        assert copy(found)
        forget(found)
        assert not rows(email).exists()
    topic.refresh_from_db()
    reply.refresh_from_db()
    assert (topic.author, topic.text, reply.author, reply.text) == (None, "", None, personal_kit.GONE)
