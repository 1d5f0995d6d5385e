"""Harvest another catalogue by OAI-PMH."""

from trajectoire.core.importing.command import ImportCommand


class Command(ImportCommand):
    help = "Moissonne un autre catalogue, par son adresse OAI-PMH : manage.py harvest_oai https://exemple.fr/oai"
    formats = ("oai",)
