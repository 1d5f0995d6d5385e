"""The sessions of a trainer: their list, and the page where one of them is led."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.events import attestations, questionnaires, reminding
from network.events.dates import spelled
from network.events.models import Event, Registration, RegistrationState
from network.events.registering import Refused
from network.events.survey import Moment
from trajectoire.core.text import local_day, local_moment, plural

from . import availability, life, owing, team
from .access import area, get_acting_trainer_for, get_own_session_for, get_trainer_for, is_coordination, trainer_of
from .area_frame import frame
from .area_rows import look, row
from .models import Session, TeamMember, Trainer
from .vocabulary import DONE, Place, SessionState

A_PAGE = 20
TO_DO, COMING, PAST = "a-faire", "a-venir", "passees"
VIEWS = {TO_DO: "À faire", COMING: "À venir", PAST: "Passées"}
Action = Callable[[HttpRequest, Session], str]


def _mine(request: HttpRequest) -> QuerySet[Session]:
    """Hers; every session for coordination."""
    trainer = trainer_of(request.user)
    return Session.objects.led_by(trainer) if trainer else Session.objects.all()


@area
@require_safe
def my_sessions(request: HttpRequest) -> HttpResponse:
    """`?vue=` says which: to do, coming, past."""
    trainer, now = trainer_of(request.user), timezone.now()
    known = [TO_DO, COMING, PAST] if trainer else [COMING, PAST]
    chosen = request.GET.get("vue", "")
    view = chosen if chosen in known else known[0]
    everything = _mine(request)
    past = everything.filter(event__ends_at__lt=now) | everything.filter(state=SessionState.CANCELLED)
    coming = everything.exclude(pk__in=past.values("pk"))
    duties = owing.duties(list(owing.underway(trainer))) if trainer else []
    page = None
    if view != TO_DO:
        listed = owing.with_facts(coming if view == COMING else past)
        order = ("event__starts_at", "pk") if view == COMING else ("-event__starts_at", "-pk")
        page = Paginator(listed.order_by(*order), A_PAGE).get_page(request.GET.get("page"))
    counts = {TO_DO: len(duties), COMING: coming.count(), PAST: past.count()}
    context = frame(request, "vrl:my_sessions", ("Sessions", "")) | {
        "title": "Mes sessions" if trainer else "Les sessions",
        "tabs": [
            {"label": VIEWS[name], "url": f"?{urlencode({'vue': name})}", "count": counts[name], "current": name == view}
            for name in known
        ],
        "duties": duties if view == TO_DO else [],
        "rows": [_row(one) for one in page] if page else [],
        "page": page,
        "view": view,
    }
    return render(request, "vrl/area/sessions.html", context)


def _row(session: Any) -> dict[str, Any]:
    people = plural(session.people, "personne inscrite", "personnes inscrites")
    short = team.missing(session) if session.state in owing.BEFORE else 0
    lack = plural(short, "personne manque", "personnes manquent")
    return row(session) | {"notes": [people] + ([f"{lack} dans l’équipe"] if short else [])}


@area
@require_http_methods(["GET", "HEAD", "POST"])
def own_session(request: HttpRequest, slug: str) -> HttpResponse:
    """One session for who leads it: its team, its steps, its people. `action` of a POST is a key of ACTIONS."""
    session = get_own_session_for(request.user, slug)
    if request.method == "POST":
        if (action := ACTIONS.get(request.POST.get("action", ""))) is None:
            raise Http404
        try:
            messages.success(request, action(request, session))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("vrl:own_session", slug=slug)
    return render(request, "vrl/area/session.html", _page(request, session))


def _page(request: HttpRequest, session: Session) -> dict[str, Any]:
    counted = owing.with_facts(Session.objects.filter(pk=session.pk)).prefetch_related(
        "team__trainer__habilitations", "changes__by"
    )
    full = counted.select_related("event__series__lead", "model", "request").get()
    event, user = full.event, request.user
    members = list(full.team.all())  # type: ignore[attr-defined]
    over = full.state in (*owing.AFTER, SessionState.CLOSED) or (event.ends_at is not None and event.ends_at < timezone.now())
    coordinates = is_coordination(user)
    decides = team.may_decide(full, user)
    return frame(request, "vrl:my_sessions", ("Sessions", reverse("vrl:my_sessions")), (event.title, "")) | {
        "title": event.title,
        "session": full,
        "event": event,
        "level": full.get_level_display(),
        "look": look(full.state),
        "since": local_day(full.state_since),
        "facts": _facts(full),
        "moves": [{"to": to.value, "label": life.label(to, full), "note": to in NOTED} for to in life.allowed(full, user)],
        "members": [
            _member(member, user, decides and full.state not in DONE) for member in members if member.state != Place.DECLINED
        ],
        "candidates": _candidates(full) if decides and full.state not in DONE else [],
        "missing": team.missing(full) if not over else 0,
        "people": [_person(one) for one in _people(event)],
        "shows_people": full.level != "sensibilisation" or full.people > 0,  # type: ignore[attr-defined]
        "duties": owing.duties([full]),
        "over": over,
        "due": owing.attestations_due([event.pk]).get(event.pk, 0) if over else 0,
        "given": attestations_given(event),
        "may_issue": event.attests and attestations.may_issue(event),
        "survey": full.asked,  # type: ignore[attr-defined]
        "report_label": _report_label(full),
        "changes": [_change(one) for one in full.changes.all()],  # type: ignore[attr-defined]
        "may_edit": decides and full.state in EDITABLE,
        "public_url": event.get_absolute_url() if event.is_public else "",
        "admin_url": reverse("admin:vrl_session_change", args=[full.pk]) if coordinates and user.is_staff else "",  # type: ignore[union-attr]
    }


NOTED = (SessionState.POSTPONED, SessionState.CANCELLED, SessionState.DRAFT, SessionState.TO_CLOSE)
EDITABLE = (SessionState.DRAFT, SessionState.PROPOSED, SessionState.TEAM, SessionState.OPEN, SessionState.FULL)


def attestations_given(event: Event) -> int:
    return event.attestations.valid().count()  # type: ignore[attr-defined]


def _facts(session: Session) -> list[tuple[str, str]]:
    """(label, value) of what one must know, without the empty ones."""
    event = session.event
    dates = [spelled(date) for date in event.dates.all()]
    places = "Sans limite" if event.capacity is None else plural(event.capacity, "place", "places")
    where = ", ".join(part for part in (event.venue, event.address) if part)
    pairs = [
        ("Dates", "\n".join(dates) or "À fixer"),
        ("Lieu", where or "À préciser"),
        ("Département", session.department.name),
        ("Durée", session.get_length_display()),
        ("Places", places),
        ("Portée par", session.owner.name if session.owner else "La coordination"),
        ("Financement", session.get_funding_display()),
        ("Répond à la demande de", session.request.structure if session.request else ""),
    ]
    return [(label, value) for label, value in pairs if value]


def _member(member: TeamMember, user: Any, decides: bool) -> dict[str, Any]:
    """What the line of someone of the team offers to this reader."""
    hers = member.trainer.user_id == user.pk
    waits = member.state in (Place.INVITED, Place.OFFERED)
    return {
        "pk": member.pk,
        "name": member.trainer.name,
        "state": member.get_state_display(),
        "look": "good" if member.state == Place.CONFIRMED else "wait",
        "confirm": decides and member.state == Place.OFFERED,
        "decline": decides and waits,
        "leave": decides and member.state == Place.CONFIRMED,
        "hers": hers,
    }


def _candidates(session: Session) -> list[dict[str, Any]]:
    return [{"pk": one["trainer"].pk, "label": availability.label(one)} for one in availability.candidates(session)]


def _people(event: Event) -> QuerySet[Registration]:
    """Everybody who asked for a place, those of the waiting list in its order."""
    shown = [RegistrationState.CONFIRMED, RegistrationState.OFFERED, RegistrationState.WAITING, RegistrationState.APPLIED]
    known = Registration.objects.filter(event=event.holder, state__in=shown).with_attendance()
    held_last = Case(When(state=RegistrationState.CONFIRMED, then=0), default=1)
    return known.order_by(held_last, "-priority", "queued_at", "pk")


def _person(one: Any) -> dict[str, Any]:
    return {
        "name": one.name or "Nom effacé",
        "structure": one.structure,
        "state": one.get_state_display(),
        "waits": one.state != RegistrationState.CONFIRMED,
        "attended": f"{one.attended} sur {one.planned}" if one.attended else "",
        "needs": one.needs,
    }


def _report_label(session: Any) -> str:
    """What the button of the report says."""
    if session.written:
        return "Relire le compte rendu"
    return "Écrire le compte rendu"


def _change(change: Any) -> dict[str, str]:
    by = str(change.by) if change.by else "Le site"
    return {"what": change.get_after_display(), "note": change.note, "by": by, "at": local_moment(change.at)}


# What the buttons of the page do; each gives the sentence to show


def _acts(request: HttpRequest) -> None:
    """Who leads must not be en pause; coordination may always act."""
    if trainer_of(request.user) and not is_coordination(request.user):
        get_acting_trainer_for(request.user)


def _key(request: HttpRequest, name: str) -> int:
    given = request.POST.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else 0


def _chosen_member(request: HttpRequest, session: Session) -> TeamMember:
    return get_object_or_404(TeamMember.objects.select_related("trainer", "session"), pk=_key(request, "membre"), session=session)


def _move(request: HttpRequest, session: Session) -> str:
    _acts(request)
    to = request.POST.get("etape", "")
    if to not in SessionState.values:
        raise Http404
    life.move(session, to, request.user, request.POST.get("note", "").strip()[:500])
    return f"La session est maintenant à l’étape « {session.get_state_display()} »."


def _invite(request: HttpRequest, session: Session) -> str:
    _acts(request)
    invited = Trainer.objects.present().filter(pk=_key(request, "personne")).first()
    if invited is None:
        raise Refused("Choisissez dans la liste la personne à inviter.")
    team.invite(session, invited, request.user)
    return f"{invited} est invitée ou invité à animer cette session."


def _confirm(request: HttpRequest, session: Session) -> str:
    _acts(request)
    return f"{team.confirm(_chosen_member(request, session), request.user).trainer} est dans l’équipe."


def _decline(request: HttpRequest, session: Session) -> str:
    return f"C’est noté : {team.decline(_chosen_member(request, session), request.user).trainer} n’animera pas cette session."


def _leave(request: HttpRequest, session: Session) -> str:
    return f"{team.leave(_chosen_member(request, session), request.user).trainer} n’est plus dans l’équipe."


def _survey(request: HttpRequest, session: Session) -> str:
    questionnaires.prepare(session.event, Moment.HOT)
    return "Le questionnaire est prêt : il part avec les remerciements, aux personnes présentes."


def _attest(request: HttpRequest, session: Session) -> str:
    """The attestations that presence gives, and the mail that leads to them, at once."""
    event = session.event.holder
    if not event.attests or not attestations.may_issue(event):
        raise Refused("Les attestations se donnent à partir du dernier jour.")
    made = attestations.issue(event, request.user)  # type: ignore[arg-type]
    written = reminding.thank(event)
    told = plural(written, "personne vient de recevoir", "personnes viennent de recevoir")
    return f"{plural(len(made), 'attestation donnée', 'attestations données')}. {told} le lien par e-mail."


ACTIONS: dict[str, Action] = {
    "etape": _move,
    "inviter": _invite,
    "confirmer": _confirm,
    "decliner": _decline,
    "quitter": _leave,
    "questionnaire": _survey,
    "attestations": _attest,
}


@area
@require_POST
def answer_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes or no to an invitation, before the session is hers: it exists for the person invited only."""
    trainer = get_trainer_for(request.user)
    member = get_object_or_404(TeamMember.objects.select_related("session__event"), pk=pk, trainer=trainer)
    accepts = request.POST.get("reponse") == "oui"
    if accepts:
        get_acting_trainer_for(request.user)
    try:
        (team.confirm if accepts else team.decline)(member, request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("vrl:space")
    if not accepts:
        messages.success(request, "C’est noté : vous n’animerez pas cette session.")
        return redirect("vrl:space")
    messages.success(request, "Merci\u202f! Vous êtes dans l’équipe.")
    return redirect("vrl:own_session", slug=member.session.event.slug)
