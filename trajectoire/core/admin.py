"""The admin in the house's colours, and what protects two people who edit the same thing."""

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import flatten
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.views.i18n import JavaScriptCatalog
from js_asset import Media
from simple_history.admin import SimpleHistoryAdmin

from . import accounts_admin, mail_admin, redirects_admin  # noqa: F401  (they register themselves)
from .importing import admin as importing_admin  # noqa: F401  (registers itself)
from .models import ContactMessage, Page
from .moving import admin as moving_admin  # noqa: F401  (registers itself)
from .personal import admin as personal_admin  # noqa: F401  (registers itself)
from .rereading import admin as rereading_admin  # noqa: F401  (registers itself)
from .rereading.gathering import reread
from .text import NBSP

admin.site.site_header = "Trajectoire Ressources"
admin.site.site_title = "Administration"
admin.site.index_title = "Administration du site"
admin.site.enable_nav_sidebar = False
# The words of the widgets, the editor's own included: Django's catalogue knows only those of its admin.
admin.site.i18n_javascript = JavaScriptCatalog.as_view(  # type: ignore[method-assign, assignment]
    packages=["django.contrib.admin", "django_prose_editor"]
)


class VersionedForm(forms.ModelForm):
    """A form that knows which version it was opened on, and refuses to overwrite a newer one in silence."""

    edited_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["edited_version"].initial = self.instance.version
        if record := getattr(self.instance, "_history", None):
            self.initial.update(related_at(record))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.instance.pk:
            self._refuse_stale(data.get("edited_version"))
        return data

    def _refuse_stale(self, opened_on: int | None) -> None:
        """Compare with the row, locked until the end of the admin's transaction."""
        current = type(self.instance)._default_manager.select_for_update().get(pk=self.instance.pk)
        if opened_on == current.version:
            return
        history = getattr(current, "history", None)
        last = history.select_related("history_user").first() if history else None
        who = (last and last.history_user) or "Quelqu’un"
        when = timezone.localtime(last.history_date if last else current.updated_at).strftime(f"%H{NBSP}h{NBSP}%M")
        self.add_error(
            None,
            f"{who} a enregistré ce contenu à {when}, pendant que vous le modifiiez. Rien n’est perdu : votre texte est "
            "toujours ci-dessous. Regardez la nouvelle version dans un autre onglet (bouton « Historique »), reportez ce qui "
            "manque, puis enregistrez à nouveau.",
        )
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("edited_version")] = str(current.version)
        self.data = data


def related_at(record: Any) -> dict[str, list[int]]:
    """The many-to-many values of a former version, for the form that restores it: {field: [pk]}."""
    return {
        field.name: list(getattr(record, field.name).values_list(f"{field.m2m_reverse_field_name()}_id", flat=True))
        for field in record._history_m2m_fields
    }


def open_wrong_parts(adminform: AdminForm) -> None:
    """Unfold the parts that hold an error: Django forgets the fields that share a line, and the error stays hidden."""
    wrong = set(adminform.form.errors)
    adminform.fieldsets = [
        (name, {**options, "classes": []} if wrong & set(flatten(cast(Any, options["fields"]))) else options)
        for name, options in adminform.fieldsets
    ]


class EditorAdmin(admin.ModelAdmin):
    """An admin with the prose editor."""

    def render_change_form(self, request, context, *args, **kwargs):
        """Give the request's nonce to the editor's scripts: the policy refuses the others. A page to be read has no editor."""
        if isinstance(context["media"], Media):
            context["media"].nonce = request.csp_nonce
        open_wrong_parts(context["adminform"])
        return super().render_change_form(request, context, *args, **kwargs)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """A text corrected leaves the list of those to read again, a wrong one enters it."""
        super().save_related(request, form, formsets, change)
        reread(form.instance)


class VersionedAdmin(EditorAdmin, SimpleHistoryAdmin):
    """History, restoring and protection against silent overwriting, for a model with `version` and `history`."""

    form = VersionedForm

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Restoring is one transaction, like any other change."""
        with transaction.atomic():
            return super().history_form_view(request, object_id, version_id, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        obj.version += 1
        super().save_model(request, obj, form, change)


@admin.register(Page)
class PageAdmin(VersionedAdmin):
    list_display = ["title", "on_site", "updated_at"]
    fields = ["title", "lead", "body", "edited_version"]
    search_fields = ["title", "body"]

    @admin.display(description="page")
    def on_site(self, page: Page) -> str:
        return format_html('<a href="{0}">{0}</a>', page.get_absolute_url())

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # the site's addresses are fixed: pages are edited, not added

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ContactMessage)
class ContactMessageAdmin(admin.ModelAdmin):
    list_display = ["subject", "name", "sent_at", "forwarded", "handled"]
    list_select_related = ["mail"]
    list_editable = ["handled"]
    list_filter = ["handled"]
    readonly_fields = ["name", "email", "subject", "message", "sent_at", "forwarded"]

    @admin.display(description="transmis par e-mail")
    def forwarded(self, message: ContactMessage) -> str:
        return message.mail.get_status_display() if message.mail else ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
