"""The formats of catalogues, declared to the imports."""

from trajectoire.core.importing import Importer, register

from . import bibtex, csl_json, document_tables, marc21, oai, ris, unimarc, zotero
from .target import DocumentOptions, DocumentTarget

PERMISSION = "resources.add_document"
FORMATS = {
    "unimarc": (
        "UNIMARC (PMB, Koha, BnF, Sudoc)",
        "Un fichier ISO 2709 (.mrc, .pan, .not) ou XML.",
        unimarc.read,
        (".mrc", ".pan", ".not", ".iso", ".uni", ".marc", ".dat", ".xml"),
    ),
    "marc21": ("MARC21", "Un fichier ISO 2709 (.mrc) ou XML.", marc21.read, (".mrc", ".marc", ".dat", ".xml")),
    "ris": ("RIS (Zotero, EndNote, Cairn, HAL)", "Un fichier .ris.", ris.read, (".ris", ".txt")),
    "bibtex": ("BibTeX", "Un fichier .bib.", bibtex.read, (".bib", ".bibtex", ".txt")),
    "zotero": ("Zotero, en CSV", "Le fichier que donne « Exporter la collection », format CSV.", zotero.read, (".csv",)),
    "csl-json": ("CSL-JSON (Zotero, Mendeley)", "Le fichier que donne « Exporter », format CSL JSON.", csl_json.read, (".json",)),
}


def declare() -> None:
    """Called once, when the site starts."""
    for name, (label, help_, read, extensions) in FORMATS.items():
        register(Importer(name, label, help_, extensions, PERMISSION, read, DocumentTarget, options=DocumentOptions))
    register(
        Importer(
            "documents",
            "Documents, en tableau",
            "Un fichier CSV, XLSX ou ODS, avec une ligne de titres.",
            (".csv", ".xlsx", ".ods"),
            PERMISSION,
            document_tables.read,
            DocumentTarget,
            columns=document_tables.COLUMNS,
            options=DocumentOptions,
        )
    )
    register(
        Importer(
            "oai",
            "Catalogue à moissonner (OAI-PMH)",
            "L’adresse OAI-PMH d’un autre catalogue : ses notices en Dublin Core.",
            (),
            PERMISSION,
            oai.read,
            DocumentTarget,
            options=oai.HarvestOptions,
            from_address=True,
        )
    )
