"""Documents that may be one: two of them side by side, then one button."""

from django.contrib import admin

from trajectoire.core.pairs_admin import PairAdmin

from . import merging
from .pairs import DocumentPair


@admin.register(DocumentPair)
class DocumentPairAdmin(PairAdmin):
    list_display = ["__str__", "reason", "different"]
    merge = staticmethod(merging.merge)
    find_pairs = staticmethod(merging.find_pairs)
    compared = staticmethod(merging.compared)
    words = {
        "find": "Chercher les doublons dans toutes les ressources",
        "caption": "Les deux documents côte à côte",
        "first": "Premier",
        "second": "Second",
        "promise": "Réunir garde tout : fichiers, thèmes, territoires, structures, lectures et adresses passent au document gardé.",
        "keep_first": "Garder le premier, y réunir le second",
        "keep_second": "Garder le second, y réunir le premier",
        "two": "Ce sont deux documents",
        "noted": "C’est noté : ce sont deux documents.",
        "merged": "« {removed} » est réuni à « {kept} ». Son ancienne adresse y mène.",
    }
