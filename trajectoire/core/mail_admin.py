"""« Boîte d’envoi » in the admin: what left, what waits, what was refused and why, and each message as it is read."""

from typing import Any

from csp.decorators import csp_update
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from .mail import wake
from .outbox import OutgoingMail
from .sending import as_message
from .text import plural

# A message is looked at, its links open in another tab, and nothing of it runs or is fetched from elsewhere.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
POLICY = f"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; sandbox {SANDBOX}"
NOT_YOURS = "Ce message contient un lien qui ouvre un compte : seule la personne à qui il est destiné peut le lire."
ERASED = "Le texte de ce message a été effacé : il n’est conservé que trente jours."


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin):
    list_display = ["subject", "recipient", "status", "attempts", "created_at", "sent_at", "last_error"]
    list_filter = ["status", "created_at"]
    search_fields = ["subject", "recipient", "batch"]
    show_full_result_count = False
    actions = ["try_again"]
    fieldsets = [
        (None, {"fields": ["subject", "recipient", "status", "attempts", "last_error", "next_try", "created_at", "sent_at"]}),
        ("Message", {"fields": ["seen", "written"]}),
        ("En-têtes", {"fields": ["all_headers"], "classes": ["collapse"]}),
    ]
    readonly_fields = ["next_try", "seen", "written", "all_headers"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is edited; the right to change is the right to send again."""
        return obj is None and super().has_change_permission(request)

    @admin.action(description="Réessayer d’envoyer", permissions=["change"])
    def try_again(self, request: HttpRequest, queryset: QuerySet) -> None:
        count = OutgoingMail.objects.filter(pk__in=queryset.values("pk")).retry()
        wake()
        done = plural(count, "message en échec va être envoyé à nouveau", "messages en échec vont être envoyés à nouveau")
        self.message_user(request, f"{done}.", messages.SUCCESS if count else messages.WARNING)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if request.method == "GET" and (failed := OutgoingMail.objects.failed().count()):
            words = plural(failed, "message n’a pas pu partir", "messages n’ont pas pu partir")
            self.message_user(request, f"{words}. La dernière colonne dit pourquoi.", messages.WARNING)
        return super().changelist_view(request, extra_context)

    @method_decorator(csp_update({"frame-src": ["'self'"]}))
    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().change_view(request, *args, **kwargs)

    def get_urls(self) -> list:
        shown = self.admin_site.admin_view(message_html)
        return [path("<int:pk>/message/", shown, name="core_outgoingmail_message"), *super().get_urls()]

    @admin.display(description="prochain essai")
    def next_try(self, mail: OutgoingMail) -> str:
        waits = mail.status == OutgoingMail.Status.WAITING
        return date_format(timezone.localtime(mail.next_try_at), "DATETIME_FORMAT") if waits else "-"

    @admin.display(description="tel qu’il est lu")
    def seen(self, mail: OutgoingMail) -> SafeString | str:
        if reason := hidden(mail):
            return reason
        return format_html(
            '<iframe class="mail" title="Message tel qu’il est lu" src="{}" sandbox="{}"></iframe>',
            reverse("admin:core_outgoingmail_message", args=[mail.pk]),
            SANDBOX,
        )

    @admin.display(description="version en texte seul")
    def written(self, mail: OutgoingMail) -> SafeString | str:
        return hidden(mail) or format_html('<pre class="mail">{}</pre>', as_message(mail).body)

    @admin.display(description="en-têtes")
    def all_headers(self, mail: OutgoingMail) -> SafeString | str:
        if reason := hidden(mail):
            return reason
        headers = as_message(mail).message().items()
        return format_html('<pre class="mail">{}</pre>', "\n".join(f"{name}: {value}" for name, value in headers))


def hidden(mail: OutgoingMail) -> str:
    """Why a message cannot be read here; empty when it can. The demonstration hides nothing: there is no other mailbox."""
    if mail.is_secret and settings.PRODUCTION:
        return NOT_YOURS
    return "" if mail.body else ERASED


@xframe_options_sameorigin
@require_safe
def message_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML part alone, for the frame of the page above."""
    if not request.user.has_perm("core.view_outgoingmail"):
        raise PermissionDenied
    mail = get_object_or_404(OutgoingMail.objects.select_related("body"), pk=pk)
    if hidden(mail):
        raise Http404
    return framed(next((str(part[0]) for part in as_message(mail).alternatives), ""))


def framed(html: str) -> HttpResponse:
    """The HTML of a message, for a frame of the administration: a view around it allows this frame."""
    shown = html.replace("<head>", '<head><base target="_blank">', 1)
    return HttpResponse(shown, headers={"Content-Security-Policy": POLICY})
