"""« Comptes » in the administration: people, their roles and devices, and what they did that matters."""

from collections.abc import Callable
from typing import Any

from allauth.account import admin as allauth_admin
from allauth.account.models import EmailAddress
from allauth.mfa import admin as factors_admin
from allauth.mfa.models import Authenticator
from allauth.usersessions import admin as sessions_admin
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

from . import (
    invitations_admin,  # noqa: F401  (registers itself)
    joining,
)
from .accounts import own_address, send_password_link
from .auditing import ActionLog, recent_login_required, record
from .invitation import Invitation
from .models import User
from .roles import STAFF_ROLES
from .second_factor import FACTORS
from .sessions import end_all
from .text import plural

# Addresses, secrets of second factors and sessions are handled below, and never shown as rows.
for model, _ in (
    (EmailAddress, allauth_admin),
    (Authenticator, factors_admin),
    (UserSession, sessions_admin),
    (Group, GroupAdmin),
):
    admin.site.unregister(model)

WORDS = {
    "groups": ("Rôles", "Ce que chaque rôle ouvre est dit dans le guide des comptes."),
    "is_superuser": ("Tous les droits", "Sans qu’un rôle les donne. Gardez-le pour une ou deux personnes."),
}


class AccountForm(forms.ModelForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in WORDS.items():
            if name in self.fields:  # not for who may only read them
                self.fields[name].label, self.fields[name].help_text = label, help_text

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Nobody here knows the password of anybody: people choose it, by the link of an invitation or of « mot de passe oublié »."""

    form = AccountForm
    list_display = ["email", "name", "roles", "has_factor", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    filter_horizontal = ["groups"]
    actions = ["log_out", "send_link", "remove_factor"]
    change_list_template = "admin/core/user/change_list.html"
    fieldsets = [
        (None, {"fields": ["email", "name", "is_active"]}),
        (
            "Rôles",
            {
                "fields": ["groups", "is_superuser"],
                "description": "Un rôle de l’équipe ouvre l’administration, avec un second facteur. Retirer un rôle ou fermer un "
                "compte déconnecte la personne aussitôt.",
            },
        ),
        ("Connexion", {"fields": ["has_factor", "last_login", "date_joined"]}),
    ]
    readonly_fields = ["has_factor", "last_login", "date_joined"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        factors = Authenticator.objects.filter(user=OuterRef("pk"), type__in=FACTORS)
        return super().get_queryset(request).annotate(factor=Exists(factors)).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Only who has every right gives every right; nobody closes or raises their own account by mistake."""
        fixed = [] if request.user.is_superuser and obj != request.user else ["is_superuser"]
        return [*self.readonly_fields, *fixed, *(["is_active"] if obj == request.user else [])]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and within_reach(request, obj) and obj != request.user

    @admin.display(description="rôles")
    def roles(self, user: User) -> str:
        return "tous les droits" if user.is_superuser else ", ".join(group.name for group in user.groups.all())

    @admin.display(description="second facteur", boolean=True)
    def has_factor(self, user: User) -> bool:
        return user.factor  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # people open their account by themselves, on invitation

    @method_decorator(recent_login_required)
    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return super().change_view(request, object_id, form_url, extra_context)

    @method_decorator(recent_login_required)
    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return super().delete_view(request, object_id, extra_context)

    @method_decorator(recent_login_required(allow_get=True))
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, extra_context)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Roles, then what follows from them: the entry of the administration, the journal, the sessions, the address to log in."""
        user = form.instance
        super().save_related(request, form, formsets, change)
        user.is_staff = user.is_superuser or user.groups.filter(name__in=STAFF_ROLES).exists()
        user.save(update_fields=["is_staff"])
        if "email" in form.changed_data:
            EmailAddress.objects.filter(user=user).delete()
            own_address(user)
        if "groups" in form.changed_data:
            joining.joined(user)
        if changed := [name for name in form.changed_data if name != "name"]:
            labels = ", ".join(str(form.fields[name].label).lower() for name in changed)
            record(request.user, f"compte modifié\u00a0: {labels}", user)
            if user != request.user:
                end_all(user)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        record(request.user, "compte supprimé", obj)
        super().delete_model(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Many accounts at once are never deleted: each is opened and looked at first."""
        return {name: action for name, action in super().get_actions(request).items() if name != "delete_selected"}

    @admin.action(description="Déconnecter de tous les appareils", permissions=["change"])
    def log_out(self, request: HttpRequest, queryset: QuerySet) -> None:
        for user in reachable(request, queryset):
            end_all(user)
            record(request.user, "déconnexion de tous les appareils", user)
        self.message_user(request, "Les sessions ouvertes sont terminées.", messages.SUCCESS)

    @admin.action(description="Envoyer un lien pour choisir un mot de passe", permissions=["change"])
    def send_link(self, request: HttpRequest, queryset: QuerySet) -> None:
        chosen = [user for user in reachable(request, queryset) if user.is_active]
        for user in chosen:
            send_password_link(request, user)
            record(request.user, "lien de mot de passe envoyé", user)
        sent = plural(len(chosen), "lien envoyé, bon deux heures", "liens envoyés, bons deux heures")
        self.message_user(request, f"{sent}.", messages.SUCCESS)

    @admin.action(description="Retirer le second facteur (appareil perdu)", permissions=["change"])
    def remove_factor(self, request: HttpRequest, queryset: QuerySet) -> None:
        for user in reachable(request, queryset):
            with transaction.atomic():
                Authenticator.objects.filter(user=user).delete()
                end_all(user)
                record(request.user, "second facteur retiré", user)
        self.message_user(
            request, "C’est fait : un nouveau second facteur sera demandé à la prochaine connexion.", messages.SUCCESS
        )


def within_reach(request: HttpRequest, user: User | None) -> bool:
    """Accounts that have every right are changed by their equals only."""
    return user is None or not user.is_superuser or bool(request.user.is_superuser)  # type: ignore[union-attr]


def reachable(request: HttpRequest, queryset: QuerySet) -> list[User]:
    return [user for user in queryset if within_reach(request, user)]


@admin.register(Group)
class RoleAdmin(admin.ModelAdmin):
    """Roles are made by a command: the admin shows them, it does not change them."""

    search_fields = ["name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ActionLog)
class ActionLogAdmin(admin.ModelAdmin):
    """Read, never written: the journal is kept by the actions themselves, for a year."""

    list_display = ["done_at", "user", "action", "about"]
    list_select_related = ["user"]
    list_filter = ["done_at"]
    search_fields = ["action", "about", "user__email"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


PART = (User, Invitation, Group, ActionLog)  # « Comptes » on the home page of the administration, in this order


def with_accounts(everything: Callable[..., list[dict[str, Any]]]) -> Callable[..., list[dict[str, Any]]]:
    """The home page with a part of its own for accounts, taken from those of the packages that hold the tables."""

    def app_list(request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        parts = everything(request, app_label)
        if app_label:
            return parts
        taken = [entry for part in parts for entry in part["models"] if entry["model"] in PART]
        if not taken:
            return parts
        for part in parts:
            part["models"] = [entry for entry in part["models"] if entry["model"] not in PART]
        taken.sort(key=lambda entry: PART.index(entry["model"]))
        url = taken[0]["admin_url"]
        accounts = {"name": "Comptes", "app_label": "comptes", "app_url": url, "has_module_perms": True, "models": taken}
        return [*(part for part in parts if part["models"]), accounts]

    return app_list


admin.site.get_app_list = with_accounts(admin.site.get_app_list)  # type: ignore[method-assign]
