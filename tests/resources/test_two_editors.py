"""Two people edit the same document: the second is told and loses nothing, the first change is kept."""

import threading

import pytest
from django.db import connection, connections

from resources.models import Document
from tests.factories import accounts, vocabulary
from tests.factories.admin import errors, save, shown
from tests.factories.documents import document
from trajectoire.core.admin import VersionedForm
from trajectoire.core.models import Page


def change(made: Document) -> str:
    return f"/admin/resources/document/{made.pk}/change/"


class TestInTurn:
    pytestmark = pytest.mark.usefixtures("world")

    def test_second_is_told_and_keeps_the_text(self, documentalist, administrator):
        made = document("Titre")
        opened_first, opened_second = documentalist.get(change(made)), administrator.get(change(made))
        assert documentalist.post(change(made), shown(opened_first) | {"subtitle": "De Camille"}).status_code == 302

        response = administrator.post(change(made), shown(opened_second) | {"summary": "Réécrit par l’autre"})
        assert response.status_code == 200
        assert "Camille Documentaliste a enregistré ce contenu à" in errors(response)
        assert "Rien n’est perdu" in errors(response)
        assert "Réécrit par l’autre" in response.content.decode()
        made.refresh_from_db()
        assert (made.subtitle, made.version) == ("De Camille", 1)

        again = administrator.post(change(made), shown(response) | {"subtitle": "De Camille", "summary": "Réécrit par l’autre"})
        assert again.status_code == 302, errors(again)
        made.refresh_from_db()
        assert (made.subtitle, made.summary, made.version) == ("De Camille", "Réécrit par l’autre", 2)

    def test_change_made_by_an_action_counts(self, documentalist, administrator):
        made = document("Titre")
        opened = documentalist.get(change(made))
        administrator.post("/admin/resources/document/", {"action": "withdraw", "_selected_action": [made.pk]})
        response = documentalist.post(change(made), shown(opened))
        assert response.status_code == 200
        made.refresh_from_db()
        assert made.status == Document.Status.WITHDRAWN

    def test_missing_version_is_refused(self, documentalist):
        made = document("Titre")
        sent = shown(documentalist.get(change(made))) | {"edited_version": ""}
        assert "a enregistré ce contenu" in errors(documentalist.post(change(made), sent))

    def test_nobody_is_named_when_the_history_does_not_say(self, documentalist):
        made = document("Titre")
        opened = documentalist.get(change(made))
        Document.objects.filter(pk=made.pk).update(version=7)
        made.history.all().delete()
        assert "Quelqu’un a enregistré" in errors(documentalist.post(change(made), shown(opened)))

    def test_one_person_saves_several_times(self, documentalist):
        made = document("Titre")
        for title in ("Un", "Deux", "Trois"):
            assert save(documentalist, change(made), title=title).status_code == 302
        made.refresh_from_db()
        assert (made.title, made.version) == ("Trois", 3)

    def test_pages_are_protected_too(self, documentalist, administrator):
        page = Page.objects.get(slug="aide")
        url = f"/admin/core/page/{page.pk}/change/"
        opened = administrator.get(url)
        assert save(documentalist, url, title="Aide revue").status_code == 302
        assert "a enregistré ce contenu" in errors(administrator.post(url, shown(opened) | {"title": "Autre"}))
        page.refresh_from_db()
        assert page.title == "Aide revue"


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Both press « Enregistrer » at the same moment, in real threads on the real database."""

    def save_at_once(self, browser) -> tuple[list[int], Document]:
        vocabulary.make()
        made = document("Titre")
        editors = [browser(accounts.administrator()), browser(accounts.administrator())]
        changes = [{"subtitle": "Le premier"}, {"publisher": "Le second"}]
        sent = [shown(editor.get(change(made))) | own for editor, own in zip(editors, changes, strict=True)]
        start, answers = threading.Barrier(2), [0, 0]

        def press(rank: int) -> None:
            try:
                start.wait(10)
                answers[rank] = editors[rank].post(change(made), sent[rank]).status_code
            finally:
                connections.close_all()

        threads = [threading.Thread(target=press, args=(rank,)) for rank in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        made.refresh_from_db()
        return answers, made

    def test_one_is_saved_and_the_other_told(self, browser):
        answers, made = self.save_at_once(browser)
        assert sorted(answers) == [200, 302]
        assert (made.subtitle, made.publisher) == (
            ("Le premier", "Trajectoire Ressources") if answers[0] == 302 else ("", "Le second")
        )
        assert made.version == 1

    def test_without_the_check_a_change_is_lost(self, browser, monkeypatch):
        monkeypatch.setattr(VersionedForm, "_refuse_stale", lambda form, opened_on: None)
        answers, made = self.save_at_once(browser)
        assert answers == [302, 302]
        assert (made.subtitle, made.publisher) != ("Le premier", "Le second")

    def test_without_the_lock_the_check_lets_both_pass(self, browser, monkeypatch):
        """What the row's lock is for; on SQLite the transaction itself is the lock."""
        if connection.vendor == "sqlite":
            pytest.skip("BEGIN IMMEDIATE already puts writers in a row")
        read = threading.Barrier(2)

        def check_without_lock(form, opened_on):
            assert opened_on == Document.objects.get(pk=form.instance.pk).version
            read.wait(10)

        monkeypatch.setattr(VersionedForm, "_refuse_stale", check_without_lock)
        answers, made = self.save_at_once(browser)
        assert answers == [302, 302]
        assert made.version == 1  # two saves, one lost
