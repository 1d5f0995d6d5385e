"""The formats of citation: for one document at `/ressources/<slug>.<extension>`, for a list at `export.<extension>`."""

from dataclasses import replace

from trajectoire.core.faces import Face

from . import bibtex, csl, ris

RIS = Face("RIS (Zotero, Mendeley, EndNote)", "ris", ris.CONTENT_TYPE, ris.write)
BIBTEX = Face("BibTeX (LaTeX)", "bib", bibtex.CONTENT_TYPE, bibtex.write)
CSL = Face("CSL-JSON (Zotero, Pandoc)", "csl.json", csl.CONTENT_TYPE, csl.write)
EXPORTS = (RIS, BIBTEX, CSL)
NOTICES = (RIS, BIBTEX, replace(CSL, extension="json"))
