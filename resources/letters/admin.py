"""« Lettres » in the admin: compose, look, try, plan, follow the sending; subscriptions are in subscriptions_admin.py."""

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, URLField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from trajectoire.core import auditing, listing, mail_text
from trajectoire.core.admin import EditorAdmin, VersionedForm
from trajectoire.core.mail_admin import SANDBOX, framed
from trajectoire.core.text import day, plural
from trajectoire.core.views import breadcrumb

from ..alerts.digests import NotWholeError
from ..models import Document
from . import subscriptions_admin  # noqa: F401  (registers itself)
from .composing import context, entries_of, page_html
from .gathering import gather
from .models import COLLECTION, Item, Letter, Link, Subscription
from .sending import cancel, obstacles, schedule, try_out


class LetterForm(VersionedForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "number" in self.fields and not self.instance.pk:
            self.fields["number"].initial = next_number()

    def clean_number(self) -> int:
        number = self.cleaned_data["number"]
        if Document.objects.filter(collection__slug=COLLECTION, number=number).exists():
            raise ValidationError(f"La collection a déjà un numéro {number} : choisissez-en un autre.")
        return number


def next_number() -> int:
    """After the last of the collection and of the letters being written."""
    last = Document.objects.filter(collection__slug=COLLECTION).aggregate(last=Max("number"))["last"] or 0
    return max(last, Letter.objects.aggregate(last=Max("number"))["last"] or 0) + 1


class ItemForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("title") and not data.get("text"):
            raise ValidationError("Écrivez un titre ou un texte, ou supprimez cet élément.")
        return data


class ItemInline(admin.StackedInline):
    model = Item
    form = ItemForm
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    extra = 0
    fields = (("order", "title"), "text", ("url", "source"))
    readonly_fields = ("source",)

    @admin.display(description="vient de")
    def source(self, item: Item) -> str:
        found = listing.find(item.listing)
        return found.title if found else "Texte libre"


class LinkInline(admin.TabularInline):
    model = Link
    extra = 0
    can_delete = False
    fields = readonly_fields = ("clicks",)
    verbose_name_plural = "liens suivis, sans savoir par qui"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Letter)
class LetterAdmin(EditorAdmin):
    form = LetterForm
    inlines = [ItemInline, LinkInline]
    list_display = ["number", "title", "status", "leaves", "recipients", "progress"]
    list_display_links = ["number", "title"]
    list_filter = ["status"]
    search_fields = ["title", "number"]
    change_form_template = "admin/letters/letter/change_form.html"
    fieldsets = [(None, {"fields": [("number", "title"), "intro", "send_at", "edited_version"]})]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was sent is shown as it was."""
        return super().has_change_permission(request, obj) and not (obj and obj.status == Letter.Status.SENT)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and bool(obj) and obj.status == Letter.Status.DRAFT

    def get_inlines(self, request: HttpRequest, obj: Letter | None) -> list:
        return [LinkInline] if obj and obj.status == Letter.Status.SENT else [ItemInline]

    def get_fieldsets(self, request: HttpRequest, obj: Letter | None = None) -> Any:
        """What was sent is read below, as a message."""
        sent = obj and obj.status == Letter.Status.SENT
        return [(None, {"fields": [("number", "title")]})] if sent else super().get_fieldsets(request, obj)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_counts()  # type: ignore[attr-defined]

    def get_view_on_site_url(self, obj: Letter | None = None) -> str | None:
        return obj.document.get_absolute_url() if obj and obj.document else None

    @admin.display(description="départ", ordering="send_at")
    def leaves(self, letter: Letter) -> str:
        moment = letter.sent_at or (letter.send_at if letter.status == Letter.Status.READY else None)
        late = " : en retard" if letter.problem else ""
        return f"{day(timezone.localtime(moment))}, {timezone.localtime(moment):%H h %M}{late}" if moment else "-"

    @admin.display(description="envoi")
    def progress(self, letter: Letter) -> str:
        return ", ".join(counts_of(letter)) if letter.status == Letter.Status.SENT else "-"

    def save_model(self, request: HttpRequest, obj: Letter, form: Any, change: bool) -> None:
        obj.version += 1
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list:
        ways = [("message", "mail", self.as_mail), ("page", "page", self.as_page)]
        looked = [
            path(f"<int:pk>/{way}/", self.admin_site.admin_view(view), name=f"letters_letter_{name}") for way, name, view in ways
        ]
        return [*looked, *super().get_urls()]

    @method_decorator(csp_update({"frame-src": ["'self'"]}))
    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        letter = self.get_object(request, object_id)
        more = shown(letter) if letter and request.method == "GET" else {}
        return super().change_view(request, object_id, form_url, more | (extra_context or {}))

    def response_change(self, request: HttpRequest, obj: Letter) -> HttpResponse:
        """The buttons of this page: the letter is saved, then this is done, and the page comes back."""
        act = next((act for name, act in ACTIONS.items() if name in request.POST), None)
        if act is None:
            return super().response_change(request, obj)
        act(request, obj)
        return HttpResponseRedirect(reverse("admin:letters_letter_change", args=[obj.pk]))

    @method_decorator([xframe_options_sameorigin, require_safe])
    def as_mail(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The HTML part alone, for the frame of the page above."""
        nowhere = {"page_url": "#", "manage_url": "#", "leave_url": "#", "trial": False}
        return framed(mail_text.render("letter", context(self._open(request, pk)) | nowhere).html)

    @method_decorator(require_safe)
    def as_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the letter will be as a page of the site."""
        letter = self._open(request, pk)
        body = {"title": str(letter), "html": page_html(letter), "breadcrumb": breadcrumb((str(letter), ""))}
        return render(request, "letters/preview.html", body)

    def _open(self, request: HttpRequest, pk: int) -> Letter:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Letter, pk=pk)


def counts_of(letter: Any) -> list[str]:
    """« 12 en attente », « 4 950 envoyés », « 38 en échec »: what the outbox still knows of a letter of `with_counts()`."""
    labels = {"waiting": ("en attente", "en attente"), "sent": ("envoyé", "envoyés"), "failed": ("en échec", "en échec")}
    return [plural(getattr(letter, f"{status}_count"), *words) for status, words in labels.items()]


def shown(letter: Letter) -> dict[str, Any]:
    """What the page of a letter says beside its form."""
    items = list(letter.items.all())
    public = entries_of(items) if letter.status != Letter.Status.SENT else {item.key for item in items}
    outbox = f"{reverse('admin:core_outgoingmail_changelist')}?q={letter.batch}"
    return {
        "letter": letter,
        "frame": frame(letter),
        "hidden": [item.title for item in items if item.key and item.key not in public],
        "counts": counts_of(letter) if letter.status == Letter.Status.SENT else [],
        "outbox_url": outbox,
        "readers": plural(Subscription.objects.active().count(), "adresse", "adresses"),
    }


def frame(letter: Letter) -> SafeString:
    return format_html(
        '<iframe class="mail" title="Lettre telle qu’elle sera lue" src="{}" sandbox="{}"></iframe>',
        reverse("admin:letters_letter_mail", args=[letter.pk]),
        SANDBOX,
    )


def _gather(request: HttpRequest, letter: Letter) -> None:
    try:
        added = gather(letter)
    except NotWholeError:
        messages.error(request, "La recherche n’est pas disponible pour le moment : réessayez dans quelques minutes.")
        return
    words = plural(added, "nouveauté ajoutée à la fin", "nouveautés ajoutées à la fin")
    messages.success(request, f"{words}. Changez leur ordre et leur texte, supprimez ce qui ne va pas.")


def _try_out(request: HttpRequest, letter: Letter) -> None:
    try_out(letter, request.user)  # type: ignore[arg-type]
    messages.success(request, f"Un essai part vers {request.user.email}.")  # type: ignore[union-attr]


def _send(request: HttpRequest, letter: Letter) -> None:
    if "_sure" not in request.POST:
        messages.error(request, "Cochez d’abord la case à côté du bouton : un envoi ne se rattrape pas.")
        return
    if wrong := obstacles(letter):
        messages.error(request, format_html_join(" ", "{}", ((sentence,) for sentence in wrong)))
        return
    auditing.ask_again(request)
    with transaction.atomic():
        schedule(letter)
        auditing.record(request.user, "lettre envoyée ou programmée", letter)
    if letter.send_at and letter.send_at > timezone.now():
        messages.success(request, "L’envoi est prévu. Vous pouvez encore l’annuler, ou changer la lettre, jusqu’à son heure.")
    else:
        messages.success(request, "La lettre part. Rechargez la page pour suivre l’envoi.")


def _cancel(request: HttpRequest, letter: Letter) -> None:
    if cancel(letter):
        messages.success(request, "L’envoi est annulé : la lettre est à nouveau un brouillon.")
    else:
        messages.warning(request, "Cette lettre n’attend aucun envoi.")


ACTIONS: dict[str, Callable[[HttpRequest, Letter], None]] = {
    "_gather": _gather,
    "_try": _try_out,
    "_send": _send,
    "_cancel": _cancel,
}
