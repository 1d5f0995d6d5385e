"""The administration of the site: accounts, pages, messages, and what every screen needs."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group

from tests.factories import accounts
from tests.factories.admin import errors, save
from trajectoire.core.admin import EditorAdmin, VersionedAdmin
from trajectoire.core.models import ContactMessage, Page, User
from trajectoire.core.prose import ProseField

pytestmark = pytest.mark.usefixtures("world")


def test_every_screen_with_the_editor_gives_it_the_nonce():
    for model, screen in admin.site._registry.items():
        if any(isinstance(field, ProseField) for field in model._meta.get_fields()):
            assert isinstance(screen, EditorAdmin), model


def test_every_model_with_a_history_is_protected_from_silent_overwriting():
    for model, screen in admin.site._registry.items():
        if hasattr(model, "history"):
            assert isinstance(screen, VersionedAdmin), model


@pytest.mark.parametrize(
    "url", ["/admin/resources/document/add/", "/admin/resources/collection/add/", "/admin/network/organisation/add/"]
)
def test_scripts_of_the_editor_carry_the_nonce_of_the_policy(administrator, url):
    response = administrator.get(url)
    nonce = re.search(r"'nonce-([^']+)'", response.headers["Content-Security-Policy"])[1]
    scripts = re.findall(r"<script[^>]*>", response.content.decode())
    inline = [script for script in scripts if "src=" not in script and "application/json" not in script]
    assert inline
    assert all(f'nonce="{nonce}"' in script for script in inline)


def test_dialogs_of_the_editor_are_in_french(administrator):
    catalogue = administrator.get("/admin/jsi18n/").content.decode()
    assert '"Include header row": "Inclure une ligne d\'en-t\\u00eate"' in catalogue
    assert '"Now": "Maintenant"' in catalogue  # the words of the calendar stay


def test_list_of_versions_is_in_french(administrator):
    page = Page.objects.create(slug="essai", title="Essai")
    html = administrator.get(f"/admin/core/page/{page.pk}/history/").content.decode()
    assert f'<a href="/admin/core/page/{page.pk}/history/{page.history.get().pk}/">' in html
    assert "Date et heure" in html
    assert "history_change_reason" not in html
    assert "None" not in html


def test_every_screen_opens(administrator):
    for model in admin.site._registry:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert administrator.get(base).status_code == 200, base
        assert administrator.get(f"{base}add/").status_code in (200, 403), base


class TestPages:
    def test_text_is_edited_and_shown(self, documentalist, visitor):
        page = Page.objects.get(slug="aide")
        response = save(documentalist, f"/admin/core/page/{page.pk}/change/", title="Aide", body="<h2>Chercher</h2><p>Ainsi</p>")
        assert response.status_code == 302, errors(response)
        assert "Ainsi" in visitor.get("/aide/").content.decode()
        assert 'href="/aide/"' in documentalist.get("/admin/core/page/").content.decode()

    def test_addresses_are_fixed(self, administrator):
        page = Page.objects.get(slug="aide")
        assert administrator.get("/admin/core/page/add/").status_code == 403
        assert administrator.post(f"/admin/core/page/{page.pk}/delete/", {"post": "yes"}).status_code == 403
        assert Page.objects.filter(slug="aide").exists()


class TestAccounts:
    def test_nobody_makes_the_account_of_another(self, administrator):
        assert administrator.get("/admin/core/user/add/").status_code == 403
        assert "/admin/core/invitation/add/" in administrator.get("/admin/core/user/").content.decode()

    def test_address_has_one_account_whatever_its_case(self, administrator):
        one = accounts.user("deja@example.org")
        other = accounts.user("autre@example.org")
        response = save(administrator, f"/admin/core/user/{other.pk}/change/", email="DEJA@example.org")
        assert "Cette adresse a déjà un compte" in errors(response) or "existe déjà" in errors(response)
        assert User.objects.get(email__iexact="deja@example.org") == one

    def test_roles_are_shown_and_not_changed(self, administrator):
        Group.objects.get_or_create(name="formateurs")
        group = Group.objects.first()
        assert administrator.get("/admin/auth/group/").status_code == 200
        assert administrator.get("/admin/auth/group/add/").status_code == 403
        assert administrator.post(f"/admin/auth/group/{group.pk}/change/", {"name": "x"}).status_code == 403
        assert administrator.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code == 403

    def test_names(self):
        someone = accounts.user("a@example.org", name="Ada")
        assert (str(someone), someone.get_full_name(), someone.get_short_name()) == ("Ada", "Ada", "Ada")
        assert str(accounts.user("b@example.org")) == "b@example.org"

    def test_addresses_are_kept_in_lower_case(self):
        assert User.objects.create_user("Camille@Example.ORG").email == "camille@example.org"
        assert not User.objects.get().has_usable_password()


class TestMessages:
    def test_messages_are_read_and_ticked_never_written(self, administrator):
        message = ContactMessage.objects.create(name="Ada", email="a@example.org", subject="Bonjour", message="Oui")
        url = f"/admin/core/contactmessage/{message.pk}/change/"
        assert administrator.get("/admin/core/contactmessage/add/").status_code == 403
        assert save(administrator, url, handled="on", message="Autre").status_code == 302
        message.refresh_from_db()
        assert (message.handled, message.message, str(message)) == (True, "Oui", "Bonjour")
