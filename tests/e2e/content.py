"""Fills an empty database with the site that the browser visits: `python -m tests.e2e.content`, run by server.py.

Real reference data, the pages, every text of the demonstration, and the PDFs of a few of them only: making and reading
forty PDFs would take longer than all the visits.
"""

import io
import os
import sys

from . import held, plan, told

WITH_PDF = ("menus-laicite-restauration-collective-synthese", "ressourcerie-du-mail-objets-et-emplois")
FICHE = "ressourcerie-du-mail-objets-et-emplois"
SYNTHESIS = "menus-laicite-restauration-collective-synthese"
NUMBER = "cetavou-06-la-table-des-autres"
FOREIGN = "ouvrage-nachbarschaft-vermitteln"
WITHDRAWN = "note-geographie-prioritaire-2015"
RESERVED = "guide-animer-sequence-histoire-laicite"
TRAINER = "formation@example.org"
STAFF = "documentation@example.org"
ORGANISER = "animation@example.org"  # the role that follows requests and the directory
COORDINATOR = "coordination@example.org"  # gets a passkey in test_passkeys.py: the password alone no longer opens it
MANAGER = "direction@example.org"  # the role « administration »
SITUATION = "a-t-on-le-droit-de-porter-un-voile-dans-la-rue-un-parc-un-commerce"
COLLECTION = "cetavou"
DISTRICT = "QN02503M"
DEPARTMENT = "25"
ORGANISATION = "regie-quartier-grand-mail"


def fill() -> None:
    from django.core.management import call_command

    quiet = {"verbosity": 0, "stdout": io.StringIO()}
    call_command("migrate", interactive=False, **quiet)
    call_command("load_reference", **quiet)
    call_command("load_types", **quiet)
    call_command("load_pages", **quiet)
    call_command("load_directory_demo", **quiet)
    call_command("load_agenda_demo", **quiet)
    make_documents()
    make_accounts()
    held.make()
    plan.make()
    told.make()
    call_command("rebuild_index", **quiet)


def make_documents() -> None:
    from resources.demo import loader, texts
    from resources.models import Document
    from trajectoire.core import search

    with search.paused():
        loader.load_documents(texts.read())
        for pk in Document.objects.filter(slug__in=WITH_PDF).values_list("pk", flat=True):
            loader.load_pdf(pk)
        loader.load_old_addresses()


def make_accounts() -> None:
    from django.contrib.auth.models import Group

    from tests.factories import accounts, vrl
    from trajectoire.core.models import TRAINERS, User
    from trajectoire.core.roles import ADMINISTRATION, NETWORK, VRL

    account = accounts.user(TRAINER, name="Sacha Formation")
    account.groups.add(Group.objects.get_or_create(name=TRAINERS)[0])
    vrl.trainer(user=account, name="Sacha Formation", departments=())
    User.objects.filter(pk=accounts.documentalist().pk).update(email=STAFF)
    accounts.user(ORGANISER, is_staff=True, name="Lou Réseau").groups.add(Group.objects.get(name=NETWORK))
    accounts.user(MANAGER, is_staff=True, name="Alix Direction").groups.add(Group.objects.get(name=ADMINISTRATION))
    accounts.user(COORDINATOR, is_staff=True, name="Maxime Coordination").groups.add(Group.objects.get(name=VRL))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    sys.exit(fill())
