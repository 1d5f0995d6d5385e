"""What a trainer says of herself, when she is free, her data, and leaving."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from network.events.registration_forms import line
from network.models import Audience
from trajectoire.core import auditing
from trajectoire.core.personal.views import download
from trajectoire.core.text import day, plural

from . import leaving
from .access import area, get_trainer_for
from .area_forms import date_field
from .area_frame import frame
from .area_rows import row
from .asking_forms import DepartmentsField, departments, text
from .availability import WEEKDAYS
from .models import Availability, Trainer

MOST_PERIODS = 20
PUBLIC = ("public", "listed", "shows_email", "shows_phone")
MAILS = ("kit_mail", "digest")


class ProfileForm(forms.ModelForm):
    """What she writes of herself; her address is that of her account."""

    name = line("Prénom et nom", 120, "name", error_messages={"required": "Indiquez votre prénom et votre nom."})
    phone = line("Téléphone", 30, "tel", required=False)
    employer = line("Employeur", 150, "organization", required=False)
    about = text(
        "Ce que je propose", 1500, 6, required=False, help_text="Expériences, sujets, façons de faire : vos pairs le liront."
    )
    departments = DepartmentsField(label="Départements où j’interviens", required=False)
    audiences = forms.ModelMultipleChoiceField(
        label="Publics de prédilection", queryset=Audience.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Trainer
        fields = ("name", "phone", "employer", "about", "departments", "audiences", *PUBLIC, *MAILS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["departments"].queryset = departments()
        fields["audiences"].queryset = Audience.objects.order_by("order", "pk")

    @property
    def shown(self) -> list[forms.BoundField]:
        return [self[name] for name in PUBLIC]

    @property
    def mails(self) -> list[forms.BoundField]:
        return [self[name] for name in MAILS]

    def save(self, commit: bool = True) -> Trainer:
        self.instance.version += 1
        self.instance.email = self.instance.user.email
        return super().save(commit)


class AvailabilityForm(forms.Form):
    weekdays = forms.TypedMultipleChoiceField(
        label="Jours de la semaine",
        choices=list(enumerate(WEEKDAYS)),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins un jour."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["first_on"] = date_field("Du", today)
        self.fields["last_on"] = date_field("Au", today.replace(month=12, day=31))
        self.order_fields(["first_on", "last_on", "weekdays"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_on"), data.get("last_on")
        if first and last and last < first:
            self.add_error("last_on", "La période finit après avoir commencé.")
        return data


@area
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    trainer = get_trainer_for(request.user)
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=trainer)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Votre profil est à jour.")
        return redirect("vrl:profile")
    context = frame(request, "vrl:profile", ("Mon profil", "")) | {
        "title": "Mon profil",
        "form": form,
        "email": request.user.email,  # type: ignore[union-attr]
        "periods": [_period(one) for one in trainer.availabilities.all()],  # type: ignore[attr-defined]
    }
    return render(request, "vrl/area/profile.html", context, status=400 if form.errors else 200)


def _period(one: Availability) -> dict[str, Any]:
    days = ", ".join(WEEKDAYS[number] for number in sorted(one.weekdays))
    return {"pk": one.pk, "when": f"du {day(one.first_on)} au {day(one.last_on)}", "days": days}


@area
@require_http_methods(["GET", "HEAD", "POST"])
def availability(request: HttpRequest) -> HttpResponse:
    """Add a period, or take one away (`retirer`)."""
    trainer = get_trainer_for(request.user)
    mine = Availability.objects.filter(trainer=trainer)
    if given := request.POST.get("retirer", ""):
        get_object_or_404(mine, pk=int(given) if given.isascii() and given.isdigit() and len(given) < 16 else 0).delete()
        messages.success(request, "Cette période est retirée.")
        return redirect("vrl:availability")
    form = AvailabilityForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if mine.count() >= MOST_PERIODS:
            form.add_error(None, f"Vous avez déjà {MOST_PERIODS} périodes : retirez-en une d’abord.")
        else:
            Availability.objects.create(trainer=trainer, **form.cleaned_data)
            messages.success(request, "C’est noté : cette période sert à vous proposer des sessions.")
            return redirect("vrl:availability")
    crumbs = ("Mon profil", reverse("vrl:profile")), ("Mes disponibilités", "")
    context = frame(request, "vrl:profile", *crumbs) | {
        "title": "Mes disponibilités",
        "form": form,
        "periods": [_period(one) for one in mine.order_by("first_on", "pk")],
    }
    return render(request, "vrl/area/availability.html", context, status=400 if form.errors else 200)


@area
@require_POST
def own_data(request: HttpRequest) -> HttpResponse:
    """The copy of everything that the site holds about this address, once the password was given lately."""
    get_trainer_for(request.user)
    auditing.ask_again(request)
    auditing.record(request.user, "copie de ses propres données")
    return download(request.user.email)  # type: ignore[union-attr]


@area
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """What follows from leaving; then, by POST with `partir`, leaving, once the password was given lately."""
    trainer = get_trainer_for(request.user)
    if request.method == "POST" and "partir" in request.POST:
        auditing.ask_again(request)
        count = leaving.leave(trainer, request.user)  # type: ignore[arg-type]
        left = plural(count, "session à venir est signalée", "sessions à venir sont signalées")
        messages.success(request, f"Vous avez quitté le réseau. {left} à la coordination. Merci pour tout.")
        return redirect("home")
    crumbs = ("Mon profil", reverse("vrl:profile")), ("Partir", "")
    context = frame(request, "vrl:profile", *crumbs) | {
        "title": "Quitter le réseau",
        "rows": [row(one) for one in leaving.to_replace(trainer)],
    }
    return render(request, "vrl/area/leave.html", context)
