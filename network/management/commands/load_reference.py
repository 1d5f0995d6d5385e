"""Load territories, contrats de ville, themes, audiences and glossary: run as often as you like."""

from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from network.models import Audience, Contract, GlossaryEntry, Territory, TerritoryKind, Theme
from network.reference import former, sync, tables, vocabularies
from trajectoire.core.models import SiteVersion
from trajectoire.core.text import plural


class Command(BaseCommand):
    help = "Charge les territoires, contrats de ville, thèmes, publics et sigles. Une seconde fois ne change rien."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--qpv-2015",
            metavar="FICHIER.csv",
            type=Path,
            help="Ajoute les quartiers de 2015. Colonnes : code_qp,nom,insee,communes,successeurs (codes séparés par « | »).",
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changes = load(options["qpv_2015"])
        except former.BadFile as error:
            raise CommandError(str(error)) from error
        if total := changes.total():
            SiteVersion.bump()
        self.stdout.write(f"{', '.join(counts())} : {plural(total, 'changement', 'changements')}.")


def load(qpv_2015: Path | None = None) -> Counter[str]:
    """Bring the database up to the files; what was created, changed, linked and unlinked."""
    places, successors = former.read(qpv_2015) if qpv_2015 else ([], {})
    changes = sync.sync_places([*tables.places(), *places])
    changes += sync.sync_contracts(tables.contracts())
    if qpv_2015:
        changes += sync.sync_successors(successors)
    changes += vocabularies.load_themes() + vocabularies.load_audiences() + vocabularies.load_offers()
    return changes + vocabularies.load_glossary()


def counts() -> list[str]:
    """« 8 départements », « 3 685 communes »…"""
    names = {
        TerritoryKind.DEPARTMENT: ("département", "départements"),
        TerritoryKind.EPCI: ("intercommunalité", "intercommunalités"),
        TerritoryKind.COMMUNE: ("commune", "communes"),
        TerritoryKind.QPV: ("quartier prioritaire", "quartiers prioritaires"),
    }
    kinds = Counter(Territory.objects.order_by().values_list("kind", flat=True))
    rest = (
        (Contract, "contrat de ville", "contrats de ville"),
        (Theme, "thème", "thèmes"),
        (Audience, "public", "publics"),
        (GlossaryEntry, "sigle", "sigles"),
    )
    return [plural(kinds[kind], *words) for kind, words in names.items()] + [
        plural(model._default_manager.count(), *words) for model, *words in rest
    ]
