"""The lines of the work list about the newsletter."""

from django.urls import reverse

from trajectoire.core.worklist import LIBRARY, Task, register

from .models import Letter


def declare() -> None:
    ready = Letter.objects.filter(status=Letter.Status.READY)
    register(
        Task(
            "lettre d’information en préparation",
            "lettres d’information en préparation",
            lambda user: Letter.objects.filter(status=Letter.Status.DRAFT).count(),
            lambda: f"{reverse('admin:letters_letter_changelist')}?status__exact={Letter.Status.DRAFT}",
            "letters.change_letter",
            subject=LIBRARY,
        ),
        Task(
            "lettre d’information n’a pas pu partir",
            "lettres d’information n’ont pas pu partir",
            lambda user: ready.exclude(problem="").count(),
            lambda: f"{reverse('admin:letters_letter_changelist')}?status__exact={Letter.Status.READY}",
            "letters.change_letter",
            urgent=True,
            subject=LIBRARY,
        ),
    )
