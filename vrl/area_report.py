"""The report in five minutes: numbers that come from presence, situations met by kind, three short texts."""

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from network.events.registering import Refused
from trajectoire.core.text import NBSP, local_day

from . import reporting
from .access import area, get_own_session_for, trainer_of
from .area_frame import frame
from .asking_forms import text
from .models import Report, Session
from .report import NO_NAME
from .vocabulary import Level, SituationKind

MOST, WORDS = 999, 500
# An address or a telephone number tells who it is: art. 9 leaves no room for it.
TELLS_WHO = re.compile(r"[^\s@]+@[^\s@]+\.\w|(?:\d[ .\u00a0\u202f-]?){9,}\d")
NAMES_SOMEONE = (
    "Ce texte contient une adresse e-mail ou un numéro de téléphone : retirez-le, personne ne doit pouvoir être reconnu."
)
NOT_YET = "Le compte rendu s’écrit une fois la session commencée."


class ReportForm(forms.Form):
    """`counts_by_hand`: for moments of awareness, where nobody registers, the people present are typed."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    worked = text("Ce qui a bien marché", 2000, 4, required=False)
    hard = text("Ce qui a été difficile", 2000, 4, required=False)
    wishes = text("Ce qu’il faudrait", 2000, 4, required=False)

    def __init__(self, *args: Any, counts_by_hand: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.counts_by_hand = counts_by_hand
        if counts_by_hand:
            self.fields["people"] = _number("Personnes présentes", 10_000, "Indiquez combien de personnes étaient là.", True)
            self.fields["young_people"] = _number("Dont moins de 18 ans", 10_000)
        for kind in SituationKind:
            self.fields[f"count_{kind.value}"] = _number(kind.label, MOST)
            self.fields[f"text_{kind.value}"] = forms.CharField(
                label=f"{kind.label}{NBSP}: en quelques mots",
                max_length=WORDS,
                required=False,
                widget=forms.TextInput(attrs={"placeholder": "En quelques mots"}),
            )

    @property
    def situations(self) -> list[dict[str, Any]]:
        """A line a kind: {label, count, text}, the two fields of it."""
        return [
            {"label": kind.label, "count": self[f"count_{kind.value}"], "text": self[f"text_{kind.value}"]}
            for kind in SituationKind
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, value in list(data.items()):
            if isinstance(value, str) and TELLS_WHO.search(value):
                self.add_error(name, NAMES_SOMEONE)
        for kind in SituationKind:
            if data.get(f"text_{kind.value}") and not data.get(f"count_{kind.value}"):
                self.add_error(f"count_{kind.value}", f"{kind.label}{NBSP}: indiquez combien de fois.")
        people, young = data.get("people"), data.get("young_people")
        if people is not None and young is not None and young > people:
            self.add_error("young_people", "Il ne peut pas y avoir plus de jeunes que de personnes présentes.")
        return data

    @property
    def said(self) -> dict[str, Any]:
        data = {"people": None, "young_people": None} | self.cleaned_data
        return {name: data[name] for name in reporting.SAID} | {"version": data["version"] or 0}

    @property
    def met(self) -> dict[str, tuple[int, str]]:
        """{kind: (how many times, a few words)} of those met."""
        data = self.cleaned_data
        return {
            kind.value: (count, data[f"text_{kind.value}"]) for kind in SituationKind if (count := data[f"count_{kind.value}"])
        }


def _number(label: str, most: int, required: str = "", is_required: bool = False) -> forms.IntegerField:
    errors = {
        "required": required,
        "invalid": "Écrivez un nombre, par exemple 3.",
        "min_value": "Écrivez un nombre à partir de 0.",
        "max_value": f"{most} au plus.",
    }
    widget = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(
        label=label, min_value=0, max_value=most, required=is_required, widget=widget, error_messages=errors
    )


@area
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Write it, keep it as a draft, hand it in; read only once it is accepted."""
    session = get_own_session_for(request.user, slug)
    begun = session.event.starts_at is not None and session.event.starts_at <= timezone.now()
    if not begun:
        raise PermissionDenied(NOT_YET)
    written = Report.objects.prefetch_related("situations").filter(session=session).first()
    by_hand = session.level == Level.AWARENESS
    form = ReportForm(request.POST if request.method == "POST" else None, initial=_initial(written), counts_by_hand=by_hand)
    if request.method == "POST" and form.is_valid() and _keep(request, session, form):
        return redirect("vrl:own_session" if request.POST.get("action") == "remettre" else "vrl:report", slug=slug)
    crumbs = (
        ("Sessions", reverse("vrl:my_sessions")),
        (session.event.title, reverse("vrl:own_session", args=[slug])),
        ("Compte rendu", ""),
    )
    context = frame(request, "vrl:my_sessions", *crumbs) | {
        "title": "Compte rendu",
        "session": session,
        "event": session.event,
        "form": form,
        "report": written,
        "sent": local_day(written.sent_at) if written and written.sent_at else "",
        "accepted": local_day(written.accepted_at) if written and written.accepted_at else "",
        "figures": [] if by_hand else _figures(session),
        "met": [_met(one) for one in written.situations.all()] if written else [],  # type: ignore[attr-defined]
        "no_name": NO_NAME,
    }
    return render(request, "vrl/area/report.html", context, status=400 if form.errors else 200)


def _initial(written: Report | None) -> dict[str, Any]:
    if written is None:
        return {"version": 0}
    met = {one.kind: one for one in written.situations.all()}  # type: ignore[attr-defined]
    situations = {f"count_{kind}": one.count for kind, one in met.items()} | {
        f"text_{kind}": one.text for kind, one in met.items()
    }
    return {name: getattr(written, name) for name in (*reporting.SAID, "version")} | situations


def _met(one: Any) -> dict[str, Any]:
    return {"kind": one.get_kind_display(), "count": one.count, "text": one.text}


def _figures(session: Session) -> list[dict[str, Any]]:
    found = reporting.numbers(session)
    pairs = [
        ("inscriptions", found.registered),
        ("personnes présentes", found.present),
        ("présentes tout du long", found.complete),
        ("demi-journées", found.half_days),
    ]
    return [{"label": label, "value": value} for label, value in pairs]


def _keep(request: HttpRequest, session: Session, form: ReportForm) -> bool:
    """Whether it was stored; refused, the form says why and keeps everything."""
    send = request.POST.get("action") == "remettre"
    try:
        kept = reporting.write(
            session,
            form.said,
            form.met,
            author=trainer_of(request.user),
            send=send,
        )
    except Refused as refusal:
        if str(refusal) == reporting.MEANWHILE:
            current = Report.objects.get(session=session).version
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["version"] = str(current)  # type: ignore[index]
        form.add_error(None, str(refusal))
        return False
    messages.success(
        request, "Le compte rendu est remis. Merci\u202f!" if send and kept.sent_at else "Le brouillon est enregistré."
    )
    return True
