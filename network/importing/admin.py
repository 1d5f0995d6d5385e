"""Structures that may be one: two of them side by side, then one button."""

from django.contrib import admin

from trajectoire.core.pairs_admin import PairAdmin

from .. import merging
from .records import DuplicatePair


@admin.register(DuplicatePair)
class DuplicatePairAdmin(PairAdmin):
    list_display = ["__str__", "reason", "score", "different"]
    merge = staticmethod(merging.merge)
    find_pairs = staticmethod(merging.find_pairs)
    compared = staticmethod(merging.compared)
    words = {
        "find": "Chercher les doublons dans tout l’annuaire",
        "caption": "Les deux structures côte à côte",
        "first": "Première",
        "second": "Seconde",
        "promise": "Réunir garde tout : documents, initiatives, contrats, anciens noms, sources et adresses passent à la structure gardée.",
        "keep_first": "Garder la première, y réunir la seconde",
        "keep_second": "Garder la seconde, y réunir la première",
        "two": "Ce sont deux structures",
        "noted": "C’est noté : ce sont deux structures.",
        "merged": "« {removed} » est réunie à « {kept} ». Son ancienne adresse y mène.",
    }
