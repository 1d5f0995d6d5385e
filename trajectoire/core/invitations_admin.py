"""Invite one person, or those of a file; send again, cancel, see where each invitation stands."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods

from . import inviting, mail, tables
from .auditing import recent_login_required
from .invitation import Invitation
from .models import User
from .roles import ROLES, STAFF_ROLES
from .scanning import ScannedFileField
from .text import plural

STATES = ["envoyée", "expirée", "acceptée", "annulée"]
MOST = 500  # people of one file


def roles_for(user: Any) -> QuerySet[Group]:
    """What this person may give: a role of the team is given by who may add accounts."""
    known = Group.objects.filter(name__in=ROLES).order_by("name")
    return known if user.has_perm("core.add_user") else known.exclude(name__in=STAFF_ROLES)


class RoleChoice(forms.ModelChoiceField):
    def __init__(self, **options: Any):
        super().__init__(Group.objects.none(), label="Rôle", empty_label="Choisir un rôle", **options)


class InvitationForm(forms.ModelForm):
    group = RoleChoice()

    class Meta:
        model = Invitation
        fields = ["email", "name", "group"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if reason := inviting.obstacle(email):
            raise ValidationError(reason)
        return email


class ListForm(forms.Form):
    group = RoleChoice(help_text="Le même pour toutes ces personnes.")
    file = ScannedFileField(
        label="Fichier",
        help_text="CSV, XLSX ou ODS, avec une ligne de titres : e-mail, et si vous l’avez, nom. Les autres colonnes ne sont pas lues.",
        error_messages={"required": "Choisissez un fichier."},
    )

    def clean_file(self) -> tables.Table:
        given = self.cleaned_data["file"]
        try:
            table = tables.read(given.name, given.read())
        except tables.Unreadable as error:
            raise ValidationError(str(error)) from error
        if len(inviting.lines(table)) > MOST:
            raise ValidationError(f"Ce fichier a plus de {MOST} personnes : coupez-le en plusieurs.")
        return table


class StateFilter(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state, state.capitalize()) for state in STATES]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet | None:
        return queryset.in_state(self.value()) if self.value() in STATES else queryset


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    form = InvitationForm
    list_display = ["email", "name", "group", "state_label", "sent_at", "times_sent", "invited_by"]
    list_filter = [StateFilter, "group"]
    list_select_related = ["group", "invited_by"]
    search_fields = ["email", "name"]
    actions = ["send_again", "cancel"]
    change_list_template = "admin/core/invitation/change_list.html"

    @admin.display(description="état")
    def state_label(self, invitation: Invitation) -> str:
        return invitation.state

    def get_fields(self, request: HttpRequest, obj: Invitation | None = None) -> Any:
        seen = ["state_label", "sent_at", "times_sent", "invited_by", "accepted_at", "cancelled_at"]
        return ["email", "name", "group", *(seen if obj else [])]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change, **options)
        if not obj:
            cast(forms.ModelChoiceField, form.base_fields["group"]).queryset = roles_for(request.user)
        return form

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is edited; the right to add is the right to send again and to cancel."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @method_decorator(recent_login_required)
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().add_view(request, form_url, extra_context)

    @method_decorator(recent_login_required(allow_get=True))
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, extra_context)

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        made = inviting.invite(cast(User, request.user), obj.email, obj.group, obj.name)
        obj.pk = made.pk

    def response_add(self, request: HttpRequest, obj: Invitation, post_url_continue: Any = None) -> HttpResponse:
        self.message_user(request, f"L’invitation est partie vers {obj.email}.", messages.SUCCESS)
        again = "_addanother" in request.POST
        return HttpResponseRedirect(reverse(f"admin:core_invitation_{'add' if again else 'changelist'}"))

    @admin.action(description="Envoyer à nouveau, avec un nouveau lien", permissions=["add"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        with mail.held():
            sent = sum(inviting.send_again(cast(User, request.user), one) for one in self.given_by(request, queryset))
        self.message_user(request, f"{plural(sent, 'invitation renvoyée', 'invitations renvoyées')}.", level(sent))

    @admin.action(description="Annuler", permissions=["add"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        done = sum(inviting.cancel(cast(User, request.user), one) for one in self.given_by(request, queryset))
        self.message_user(request, f"{plural(done, 'invitation annulée', 'invitations annulées')}.", level(done))

    def given_by(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> QuerySet[Invitation]:
        """Those of the roles that this person may give."""
        return Invitation.objects.filter(pk__in=queryset.values("pk"), group__in=roles_for(request.user)).select_related(
            "group", "invited_by"
        )

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.bring_in)
        return [path("liste/", view, name="core_invitation_list"), *super().get_urls()]

    @method_decorator(recent_login_required)
    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """The form, then what was done with each line."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ListForm(request.POST, request.FILES) if request.method == "POST" else ListForm()
        cast(forms.ModelChoiceField, form.fields["group"]).queryset = roles_for(request.user)
        outcome = None
        if form.is_valid():
            outcome = inviting.invite_list(cast(User, request.user), form.cleaned_data["file"], form.cleaned_data["group"])
        context = {
            **self.admin_site.each_context(request),
            "title": "Inviter plusieurs personnes",
            "form": form,
            "opts": self.opts,
        }
        return render(request, "admin/core/invitation/list.html", context | told(outcome))


def level(count: int) -> int:
    return messages.SUCCESS if count else messages.WARNING


def told(outcome: inviting.Outcome | None) -> dict[str, Any]:
    if outcome is None:
        return {"done": "", "refused": []}
    sent = plural(outcome.sent, "invitation envoyée", "invitations envoyées")
    refused = plural(len(outcome.refused), "ligne refusée", "lignes refusées")
    return {"done": f"{sent}, {refused}.", "refused": outcome.refused}
