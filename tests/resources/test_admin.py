"""The library in the administration: one screen for a document, its rules, its actions, who may use it."""

import datetime

import pytest
from django.contrib.admin.utils import flatten

from network.models import Theme
from resources.models import Document
from tests.factories import accounts
from tests.factories.admin import ADD, LIST, change, errors, give_cover, messages, picture, save, shown, stored, upload
from tests.factories.documents import document, file, tomorrow
from tests.hostile import archives, pdfs

pytestmark = pytest.mark.usefixtures("world")


class TestAdding:
    def test_document_with_several_files_in_one_screen(self, documentalist, needed, django_capture_on_commit_callbacks):
        files = [upload(pdfs.one_page(), "Synthèse.pdf"), upload(archives.docx(), "modèle.docx"), upload(picture(), "photo.png")]
        with django_capture_on_commit_callbacks(execute=True):
            response = save(documentalist, ADD, **needed, new_files=files)
        assert response.status_code == 302, errors(response)
        made = Document.objects.get()
        assert made.is_published
        assert made.slug == "une-synthese"
        assert made.version == 1
        assert [(f.name, f.label, f.state, f.order) for f in made.files.all()] == [
            ("Synthèse.pdf", "PDF", "ready", 0),
            ("modèle.docx", "Word", "ready", 1),
            ("photo.webp", "Image WebP", "ready", 2),
        ]
        read = made.files.first()
        assert read.pages == 1
        assert "Bonjour" in read.texts.get().text
        assert {r["format"] for r in made.cover_renditions} == {"avif", "webp"}
        assert len(stored()) == 3 + len(made.cover_renditions)

    def test_files_are_listed_after_those_already_there(self, documentalist, needed):
        made = document("Une synthèse")
        file(made, order=0)
        save(documentalist, change(made), new_files=[upload(archives.odt(), "b.odt")])
        assert [f.order for f in made.files.all()] == [0, 1]

    def test_draft_needs_a_title_and_a_type_only(self, documentalist, needed):
        response = save(documentalist, ADD, title="Ébauche", type=needed["type"])
        assert response.status_code == 302, errors(response)
        assert Document.objects.get().status == Document.Status.DRAFT

    @pytest.mark.parametrize(
        ("missing", "sentence"),
        [
            ("title", "Un document publié a un titre."),
            ("type", "Choisissez un type avant de publier."),
            ("summary", "Écrivez un résumé avant de publier"),
            ("themes", "Choisissez au moins un thème avant de publier."),
        ],
    )
    def test_publishing_needs(self, documentalist, needed, missing, sentence):
        response = save(documentalist, ADD, **needed | {missing: ""})
        assert response.status_code == 200
        assert sentence in errors(response)
        assert not Document.objects.exists()

    @pytest.mark.parametrize("title", ["   ", "\u00a0", "🎉🎉", "…", "-"])
    def test_title_has_letters(self, documentalist, needed, title):
        assert save(documentalist, ADD, **needed | {"title": title}).status_code == 200
        assert not Document.objects.exists()

    def test_title_of_500_characters_is_refused(self, documentalist, needed):
        assert "250" in errors(save(documentalist, ADD, **needed | {"title": "é" * 500}))

    def test_title_is_cleaned_and_its_address_unique(self, documentalist, needed):
        for _ in range(3):
            assert save(documentalist, ADD, **needed | {"title": "  L’école\u00a0 ouverte  "}).status_code == 302
        assert list(Document.objects.order_by("pk").values_list("slug", flat=True)) == [
            "l-ecole-ouverte",
            "l-ecole-ouverte-2",
            "l-ecole-ouverte-3",
        ]
        assert Document.objects.first().title == "L’école ouverte"

    def test_plain_texts_get_french_typography(self, documentalist, needed):
        typed = needed | {"title": "L'accueil : qui fait quoi ?", "summary": 'Un mot : "laïcité" !', "hook": "C'est dit"}
        save(documentalist, ADD, **typed)
        made = Document.objects.get()
        assert made.title == "L’accueil\u00a0: qui fait quoi\u202f?"
        assert made.summary == "Un mot\u00a0: «\u00a0laïcité\u00a0»\u202f!"
        assert made.hook == "C’est dit"

    @pytest.mark.parametrize("wrong", [{"number": "-5"}, {"started_on": "février"}, {"url": "javascript:alert(1)"}])
    def test_part_that_holds_an_error_is_unfolded(self, documentalist, needed, wrong):
        response = save(documentalist, ADD, **needed, **wrong)
        parts = {part.name: part.is_collapsible for part in response.context["adminform"]}
        [held] = [part.name for part in response.context["adminform"] if set(wrong) & set(flatten(part.fields))]
        assert not parts[held]
        assert parts["Couverture"]

    def test_key_figure_without_a_bar_is_refused(self, documentalist, needed):
        assert "Ligne à corriger : « 12 familles »." in errors(
            save(documentalist, ADD, **needed, key_figures="3 | ans\n\n12 familles")
        )
        assert save(documentalist, ADD, **needed, key_figures="12 | familles\n").status_code == 302

    def test_saving_says_when_it_appears_and_that_a_date_is_missing(self, documentalist, needed):
        hour = {"publish_at_0": "03/02/2099", "publish_at_1": "08:30"}
        sent = needed | hour
        save(documentalist, ADD, **sent)
        said = messages(documentalist.get(LIST))
        assert any("il paraîtra le 3 février 2099 à 8 h 30" in sentence for sentence in said)
        assert any("pas de date de parution" in sentence for sentence in said)
        made = Document.objects.get()
        save(documentalist, change(made), status="draft")
        assert not any("paraîtra" in sentence or "parution" in sentence for sentence in messages(documentalist.get(LIST)))

    def test_address_already_taken_is_refused(self, documentalist, needed):
        document("Une synthèse")
        assert "Adresse existe déjà" in errors(save(documentalist, ADD, **needed, slug="une-synthese"))

    @pytest.mark.parametrize(
        "url", ["javascript:alert(1)", "data:text/html,x", "//evil", "file:///etc/passwd", "ftp://x", "https://"]
    )
    def test_dangerous_address_is_refused(self, documentalist, needed, url):
        assert errors(save(documentalist, ADD, **needed, url=url))
        assert not Document.objects.exists()

    def test_address_is_never_visited(self, documentalist, needed, monkeypatch):
        def refuse(*args, **kwargs):
            raise AssertionError("the server opened a connection")

        monkeypatch.setattr("socket.create_connection", refuse)
        monkeypatch.setattr("urllib.request.urlopen", refuse)
        response = save(documentalist, ADD, **needed, url="http://169.254.169.254/latest/meta-data/")
        assert response.status_code == 302
        assert documentalist.get(Document.objects.get().get_absolute_url()).status_code == 200

    def test_number_is_unique_in_its_collection(self, documentalist, needed):
        made = document("Lettre", collection="lettre-information", number=1)
        response = save(documentalist, ADD, **needed, collection=made.collection_id, number=1)
        assert "Cette collection a déjà ce numéro." in errors(response)

    def test_action_ends_after_it_began(self, documentalist, needed):
        response = save(documentalist, ADD, **needed, started_on="2024-05-01", ended_on="2024-04-01")
        assert "L’action ne peut pas finir avant d’avoir commencé." in errors(response)

    def test_rich_text_is_cleaned(self, documentalist, needed):
        save(documentalist, ADD, **needed, body="<p onclick='x()'>Bon<script>alert(1)</script></p>")
        assert "script" not in Document.objects.get().body
        assert "onclick" not in Document.objects.get().body


class TestActions:
    def run(self, client, action: str, *made: Document, **more):
        data = {"action": action, "_selected_action": [one.pk for one in made]} | more
        return client.post(LIST, data, follow=True)

    def test_publish(self, documentalist):
        ready = document("Prêt", status="draft", publish_at=None)
        bare = document("Nu", status="draft", themes=(), summary="")
        response = self.run(documentalist, "publish", ready, bare)
        ready.refresh_from_db()
        bare.refresh_from_db()
        assert ready.is_published
        assert ready.version == 1
        assert bare.status == "draft"
        said = messages(response)
        assert said[0] == "1\u00a0document publié."
        assert "Nu" in said[1]
        assert "Choisissez au moins un thème avant de publier." in said[1]

    def test_publish_nothing_says_why_only(self, documentalist):
        bare = document("Nu", status="draft", themes=())
        assert len(messages(self.run(documentalist, "publish", bare))) == 1

    def test_publish_keeps_a_date_to_come(self, documentalist):
        planned = document("Plus tard", status="draft", publish_at=tomorrow())
        self.run(documentalist, "publish", planned)
        planned.refresh_from_db()
        assert planned.is_scheduled

    def test_withdraw(self, documentalist, visitor):
        made = [document("Un"), document("Deux")]
        response = self.run(documentalist, "withdraw", *made)
        assert messages(response)[0].startswith("2\u00a0documents retirés du site.")
        assert visitor.get(made[0].get_absolute_url()).status_code == 410
        assert visitor.get("/ressources/").context["total"] == 0

    def test_add_theme(self, documentalist, visitor):
        made = [document("Un"), document("Deux")]
        theme = Theme.objects.get(slug="sante")
        response = self.run(documentalist, "add_theme", *made, theme=theme.pk)
        assert "Santé" in messages(response)[0]
        assert visitor.get("/ressources/", {"theme": "sante"}).context["total"] == 2
        assert made[0].history.count() == 2

    def test_add_theme_without_choosing_one(self, documentalist):
        made = document("Un")
        assert messages(self.run(documentalist, "add_theme", made)) == [
            "Choisissez d’abord un thème dans la liste à côté de l’action."
        ]
        assert [theme.slug for theme in made.themes.all()] == ["education"]

    def test_delete_one_removes_its_files(self, administrator, django_capture_on_commit_callbacks):
        made = document("Un")
        file(made)
        give_cover(made)
        assert len(stored()) == 2
        with django_capture_on_commit_callbacks(execute=True):
            administrator.post(f"{LIST}{made.pk}/delete/", {"post": "yes"})
        assert not Document.objects.exists()
        assert stored() == []

    def test_delete_several_removes_their_files(self, administrator, visitor, django_capture_on_commit_callbacks):
        made = [document("Un"), document("Deux")]
        for one in made:
            file(one)
        with django_capture_on_commit_callbacks(execute=True):
            self.run(administrator, "delete_selected", *made, post="yes")
        assert not Document.objects.exists()
        assert stored() == []
        assert visitor.get("/ressources/").context["total"] == 0


class TestHistory:
    def test_former_version_is_listed_and_restored(self, documentalist):
        made = document("Premier titre", themes=["education"])
        save(documentalist, change(made), title="Deuxième titre", themes=[Theme.objects.get(slug="sante").pk])
        save(documentalist, change(made), title="Troisième titre")
        history = documentalist.get(f"{LIST}{made.pk}/history/").content.decode()
        assert "Camille Documentaliste" in history
        second = made.history.filter(title="Deuxième titre").order_by("history_id").last()
        url = f"{LIST}{made.pk}/history/{second.pk}/"
        page = documentalist.get(url)
        assert page.context["adminform"].form.initial["title"] == "Deuxième titre"
        response = documentalist.post(url, shown(page))
        assert response.status_code == 302, errors(response)
        made.refresh_from_db()
        assert made.title == "Deuxième titre"
        assert [theme.slug for theme in made.themes.all()] == ["sante"]

    def test_cover_survives_a_restore(self, documentalist):
        made = document("Premier titre")
        give_cover(made)
        save(documentalist, change(made), title="Deuxième titre")
        first = made.history.filter(title="Premier titre").first()
        url = f"{LIST}{made.pk}/history/{first.pk}/"
        documentalist.post(url, shown(documentalist.get(url)))
        made.refresh_from_db()
        assert made.title == "Premier titre"
        assert len(made.cover_renditions) == 1
        assert made.is_published


class TestRoles:
    PAGES = [LIST, ADD, "/admin/resources/collection/", "/admin/core/oldaddress/add/", "/admin/resources/documenttype/"]

    @pytest.mark.parametrize("url", PAGES)
    def test_documentalist_may(self, documentalist, url):
        assert documentalist.get(url).status_code == 200

    @pytest.mark.parametrize("url", PAGES)
    def test_staff_without_permission_may_not(self, powerless, url):
        assert powerless.get(url).status_code == 403
        assert powerless.post(url, {"title": "x"}).status_code == 403

    @pytest.mark.parametrize("actor", ["visitor", "stranger", "trainer", "deactivated"])
    @pytest.mark.parametrize("url", PAGES)
    def test_others_are_kept_out(self, request, actor, url, needed):
        client = request.getfixturevalue(actor)
        for response in (client.get(url), client.post(url, needed)):
            assert response.status_code in (302, 403)
            assert response.headers.get("Location", "/compte/").startswith(("/compte/", "/admin/login/"))
        assert not Document.objects.exists()

    def test_trainer_may_not_change_a_document(self, trainer, powerless):
        made = document("Un")
        for client in (trainer, powerless):
            client.post(change(made), {"title": "Pris"})
            client.post(f"{LIST}{made.pk}/delete/", {"post": "yes"})
            client.post(LIST, {"action": "withdraw", "_selected_action": [made.pk]})
        made.refresh_from_db()
        assert (made.title, made.status) == ("Un", "published")

    def test_documentalist_may_not_touch_accounts(self, documentalist):
        assert documentalist.get("/admin/core/user/").status_code == 403
        assert documentalist.post("/admin/core/user/add/", {"email": "x@example.org"}).status_code == 403

    def test_login_of_the_admin_goes_through_allauth(self, visitor):
        accounts.user("x@example.org", is_staff=True)
        response = visitor.get("/admin/login/?next=/admin/")
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/compte/login/")
        visitor.post("/admin/login/", {"username": "x@example.org", "password": accounts.PASSWORD})
        assert visitor.get("/admin/").status_code == 302


class TestLists:
    @pytest.mark.parametrize("count", [1, 3])
    def test_query_count_of_the_list(self, documentalist, django_assert_num_queries, count):
        for _ in range(count):
            document(publish_at=tomorrow())
        with django_assert_num_queries(13):
            response = documentalist.get(LIST)
        assert "Programmé" in response.content.decode()

    def test_filters_and_search(self, documentalist):
        document("Une note", type="note", status="draft")
        document("Un guide", type="guide")
        response = documentalist.get(LIST, {"q": "guide", "status__exact": "published"})
        assert [d.title for d in response.context["cl"].result_list] == ["Un guide"]

    def test_view_on_site_for_a_published_document_only(self, documentalist):
        assert documentalist.get(change(document("Un", status="draft"))).context["absolute_url"] is None
        assert documentalist.get(change(document("Deux"))).context["absolute_url"] == "/ressources/deux/"

    def test_preview_is_linked(self, documentalist):
        made = document("Un", status="draft")
        assert f"/ressources/apercu/{made.pk}/" in documentalist.get(change(made)).content.decode()

    def test_review_dates(self):
        assert document(review_on=datetime.date(2020, 1, 1)).needs_review
        assert not document(review_on=None).needs_review
