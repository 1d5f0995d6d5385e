"""The forms of the area about sessions."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone

from network.events.event import MOST_PLACES
from network.events.models import Event
from network.events.registration_forms import line
from network.models import Territory
from trajectoire.core.text import NBSP

from . import working_days
from .asking_forms import DepartmentField, departments, text
from .cascade import check_team, obstacle
from .models import Session, SessionModel, Trainer

AHEAD = datetime.timedelta(weeks=6)  # what it takes to find a room and people
FARTHEST = datetime.timedelta(days=3 * 365)
FACTS = ("title", "venue", "address", "access_note", "capacity")
WRONG_DATE = "Écrivez la date comme 15/03/2027."


class SessionForm(forms.Form):
    """The facts of a session and its days, each checked by the cascade."""

    title = line("Titre", 200, error_messages={"required": "Donnez un titre à la session."})
    venue = line("Lieu", 150, required=False, help_text="« Maison des associations, salle 2 ».")
    address = line("Adresse postale", 200, required=False)
    access_note = text("Pour venir", 1000, 3, required=False, help_text="Transports, stationnement, entrée sans marche.")
    capacity = forms.IntegerField(
        label="Places",
        min_value=1,
        max_value=MOST_PLACES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Indiquez le nombre de places.",
            "invalid": "Écrivez un nombre, par exemple 15.",
            "min_value": "Il faut une place au moins.",
        },
    )

    def __init__(self, *args: Any, days: list[datetime.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, day in enumerate(days, start=1):
            label = f"Jour {number}" if len(days) > 1 else "Date"
            self.fields[f"day_{number}"] = date_field(label, day)
        self.day_names = [f"day_{number}" for number in range(1, len(days) + 1)]

    @property
    def day_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.day_names]

    @property
    def days(self) -> list[datetime.date]:
        return [self.cleaned_data[name] for name in self.day_names]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        seen: set[datetime.date] = set()
        for name in self.day_names:
            if (day := data.get(name)) is None:
                continue
            if day in seen:
                self.add_error(name, "Cette date est déjà donnée au-dessus.")
            elif reason := self.stopped(day):
                self.add_error(name, reason)
            seen.add(day)
        return data

    @property
    def facts(self) -> dict[str, Any]:
        """The columns of the event that the form holds."""
        return {name: self.cleaned_data[name] for name in FACTS}

    def stopped(self, day: datetime.date) -> str:
        """Why nobody may lead that day; a year mistyped is seen at once."""
        today = timezone.localdate()
        if day < today:
            return f"Cette date est passée{NBSP}: choisissez un jour à venir."
        return "Choisissez un jour dans les trois ans qui viennent." if day - today > FARTHEST else ""


def date_field(label: str, day: datetime.date) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    errors = {"required": "Indiquez la date.", "invalid": WRONG_DATE}
    return forms.DateField(label=label, initial=day, widget=widget, error_messages=errors)


class CreateForm(SessionForm):
    """A new session of a model, led by this trainer."""

    department = DepartmentField(label="Département", error_messages={"required": "Choisissez le département."})
    field_order = ("title", "department")

    def __init__(self, model: SessionModel, trainer: Trainer, *args: Any, **kwargs: Any) -> None:
        self.model, self.trainer = model, trainer
        days = working_days.following(timezone.localdate() + AHEAD, model.days)
        hers = trainer.departments.order_by("code").first()
        initial = {"title": model.title, "capacity": model.capacity, "department": hers}
        super().__init__(*args, days=days, initial=initial, **kwargs)
        field: Any = self.fields["department"]
        field.queryset = departments()

    def stopped(self, day: datetime.date) -> str:
        return super().stopped(day) or obstacle(self.trainer, self.model.level, [day])

    @property
    def department_chosen(self) -> Territory:
        return self.cleaned_data["department"]


class ChangeForm(SessionForm):
    """A session that is not held yet: each new day is checked for its whole confirmed team."""

    def __init__(self, session: Session, *args: Any, **kwargs: Any) -> None:
        self.session = session
        event: Event = session.event
        self.before = [timezone.localdate(date.starts_at) for date in event.dates.all()]
        initial = {name: getattr(event, name) for name in FACTS}
        super().__init__(*args, days=self.before, initial=initial, **kwargs)

    def stopped(self, day: datetime.date) -> str:
        if day in self.before:
            return ""
        return super().stopped(day) or " ".join(check_team(self.session, [day]))
