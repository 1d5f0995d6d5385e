"""Invented contents that show each component on the style guide, in each of its states."""

from django import forms
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from .covers import FAMILY_OF_TYPE, PALETTES, cover_svg


class SampleForm(forms.Form):
    name = forms.CharField(label="Votre nom", error_messages={"required": "Indiquez votre nom."})
    email = forms.EmailField(
        label="Votre adresse e-mail",
        help_text="Pour vous répondre. Elle ne sert à rien d’autre.",
        error_messages={"invalid": "Cette adresse e-mail n’est pas complète : elle doit ressembler à nom@exemple.fr."},
    )
    subject = forms.ChoiceField(label="Objet", choices=[("document", "Un document"), ("autre", "Autre chose")])
    answer = forms.ChoiceField(
        label="Réponse souhaitée", choices=[("e-mail", "Par e-mail"), ("telephone", "Par téléphone")], widget=forms.RadioSelect
    )
    message = forms.CharField(label="Votre message", widget=forms.Textarea(attrs={"rows": 4}))


def _card(**changes: object) -> dict:
    card = {
        "title": "Une régie de quartier ouvre sa ressourcerie au pied des tours",
        "url": "#",
        "type_name": "Fiche expérience",
        "type_slug": "fiche-experience",
        "summary": "Deux ans après l’ouverture, 14 emplois, 31 tonnes remises en usage et un lieu où l’on vient d’abord pour parler.",
        "excerpt": "",
        "cover_url": "",
        "cover_alt": "",
        "cover_svg": cover_svg("ressourcerie", "fiche-experience", "emploi-insertion"),
        "meta": ["Emploi, insertion", "Besançon · Planoise", "mars 2026", "PDF 8 p."],
        "page_label": "",
        "page_url": "",
        "pages_label": "",
        "pages": [],
        "is_demo": True,
        "reserved": False,
        "language": "",
    }
    return card | changes


def _cards() -> list[dict]:
    hit = "<mark>Décrochage</mark> : douze élèves, un mécanicien, une année."
    return [
        _card(),
        _card(
            title="Raccrocher par le vélo : un atelier au collège",
            type_name="Synthèse",
            excerpt=mark_safe(hit),
            page_label="page 4 du PDF",
            page_url="#",
            pages_label="3 autres pages",
            pages=[{"label": f"page {number}", "url": "#"} for number in (6, 9, 14)],
            cover_svg=cover_svg("velo", "synthese", "education"),
        ),
        _card(
            title="Étude de cas : la cantine et les menus",
            type_name="Outil pédagogique",
            reserved=True,
            cover_svg=cover_svg("cantine", "outil-pedagogique", "laicite"),
        ),
    ]


def _facet() -> dict:
    children = [
        {"value": "planoise", "label": "Planoise", "count": 11, "checked": True, "children": []},
        {"value": "petite-hollande", "label": "Petite-Hollande", "count": 6, "checked": False, "children": []},
    ]
    names = [
        ("25", "Doubs", 38),
        ("21", "Côte-d’Or", 1204),
        ("71", "Saône-et-Loire", 12),
        ("89", "Yonne", 9),
        ("90", "Territoire de Belfort", 4),
    ]
    values = [
        {"value": v, "label": n, "count": c, "checked": v == "25", "children": children if v == "25" else []} for v, n, c in names
    ]
    return {"name": "territoire", "label": "Territoire", "open": True, "chosen": 2, "shown": 3, "values": values}


def _pagination() -> dict:
    pages = [("1", False), ("2", True), ("3", False), ("…", False), ("12", False)]
    return {
        "number": 2,
        "count": 12,
        "previous_url": "#",
        "next_url": "#",
        "pages": [{"label": label, "url": "#", "current": current, "gap": label == "…"} for label, current in pages],
    }


def _files() -> list[dict]:
    note = "Ce PDF n’est pas balisé : sa lecture vocale peut être difficile."
    return [
        {"url": "#", "label": "Télécharger le PDF", "detail": "PDF, 1,2 Mo, 8 pages", "name": "fiche.pdf", "note": ""},
        {"url": "#", "label": "Télécharger le fichier", "detail": "ODT, 84 ko", "name": "grille.odt", "note": note},
    ]


def _fiche() -> dict:
    texts = [
        ("contexte-exemple", "Le contexte", "Deux tours, un local vide."),
        ("deroule-exemple", "Le déroulé", "Un an de travaux."),
    ]
    return {
        "hook": "Deux ans après l’ouverture, 31 tonnes remises en usage et un lieu où l’on vient d’abord pour parler.",
        "carrier": "Régie de quartier des Hauts de Planoise",
        "partners": ["Ville de Besançon", "Bailleur social"],
        "period_label": "depuis septembre 2021",
        "ongoing": True,
        "sections": [{"id": i, "title": t, "html": format_html("<p>{}</p>", text)} for i, t, text in texts],
        "contact": "Direction de la régie",
        "writer": "Solène Marchadier",
        "surveyed_label": "11 mai 2023",
        "quote": "On vient pour une lampe, on reste pour le café.",
        "quote_author": "Bruno, bénévole",
        "key_figures": [],
    }


def _document(links: list[dict]) -> dict:
    title = "Une régie de quartier ouvre sa ressourcerie au pied des tours"
    empty = dict.fromkeys(["subtitle", "cover_url", "cover_credit", "isbn", "external_url", "language_label", "body_html"], "")
    return empty | {
        "title": title,
        "type_name": "Fiche expérience",
        "type_url": "#",
        "summary": "Comment ouvrir un lieu de réemploi dans un quartier : le local, l’équipe, les comptes, les erreurs.",
        "reading_minutes": 6,
        "cover_svg": cover_svg("ressourcerie", "fiche-experience", "emploi-insertion"),
        "authors": ["Solène Marchadier"],
        "publisher": "Trajectoire Ressources",
        "date_label": "mars 2026",
        "up_to_date_label": "1er juin 2026",
        "territories": [{"label": "Planoise", "url": "#"}],
        "themes": links,
        "audiences": links[:1],
        "collection": {"label": "Repères", "url": "#", "number_label": "n° 5"},
        "issn": "2109-5582",
        "licence": {"label": "Creative Commons BY-SA 4.0", "url": "#"},
        "external": False,
        "event": None,
        "event_note": "Journée d’étude du 12 mars 2024, Dijon",
        "paper_available": True,
        "order_url": "#",
        "is_demo": True,
        "reserved": True,
        "replaced_by": {"title": "Une version plus récente", "url": "#"},
        "replaces": [{"title": "Une version plus ancienne", "url": "#"}],
        "files": _files(),
        "fiche": _fiche(),
        "citations": [
            {"id": style.lower(), "label": style, "html": f"Trajectoire Ressources. {title}. 2026."}
            for style in ("APA", "Chicago")
        ],
        "notices": [{"label": "RIS", "url": "#"}, {"label": "BibTeX", "url": "#"}],
    }


def samples() -> dict:
    """Return what templates/styleguide shows; links lead nowhere."""
    themes = list(PALETTES)
    links = [{"label": "Éducation", "url": "#"}, {"label": "Jeunesse", "url": "#"}, {"label": "Mémoire", "url": "#"}]
    return {
        "breadcrumb": [{"label": "Accueil", "url": "/"}, {"label": "Guide de style", "url": ""}],
        "cards": _cards(),
        "covers": [cover_svg(code, code, themes[rank % len(themes)]) for rank, code in enumerate(FAMILY_OF_TYPE)],
        "facets": [_facet()],
        "hidden": [("tri", "titre")],
        "document": _document(links),
        "pagination": _pagination(),
        "tabs": [
            {"label": label, "count": count, "url": "#", "current": not rank}
            for rank, (label, count) in enumerate([("Tout", 1257), ("Ressources", 1242), ("Territoires", 12), ("Thèmes", 3)])
        ],
        "sorts": [{"label": label, "url": "#", "current": label == "date"} for label in ("pertinence", "date", "titre")],
        "faces": {"alert_url": "#", "feed_url": "#", "formats": [{"label": name, "url": "#"} for name in ("JSON", "CSV")]},
        "active": [{"label": link["label"], "remove_url": "#"} for link in links],
        "empty": {"wider": [{"label": "Voir toutes les ressources", "url": "#"}], "contact_url": "#"},
        "corrected": {"text": "décrochage", "asked": "decrohcage", "exact_url": "#"},
        "files": _files(),
        "tags": links,
        "meta": [{"label": "Édition", "value": "Trajectoire Ressources, mars 2026"}, {"label": "ISSN", "value": "2109-5582"}],
        "toc": [{"id": "lecture", "label": "Le contexte", "level": 2}, {"id": "citer", "label": "Un bar associatif", "level": 3}],
        "figures": [
            {"value": "14", "label": "emplois créés"},
            {"value": "31 t", "label": "remises en usage"},
            {"value": "2", "label": "ans"},
        ],
        "link": {"title": "N° 10 — Les écrans et nous", "url": "#"},
        "collections": [
            {
                "name": "Lettre d’information",
                "url": "#",
                "description": "Quatre numéros par an.",
                "count": 31,
                "latest_label": "mars 2026",
            }
        ],
        "sitemap": [{"label": "Ressources", "url": "#", "children": links}],
        "sources": [{"label": "Quartiers prioritaires 2024", "origin": "ANCT", "date": "2024", "licence": "Licence Ouverte 2.0"}],
        "form": SampleForm(),
        "trap": {"id_for_label": "piege", "html_name": "piege", "label": "Ne remplissez pas ce champ"},
        "wrong_form": SampleForm(
            {"name": "", "email": "nom@", "subject": "autre", "answer": "e-mail", "message": "Bonjour"}, auto_id="faux_%s"
        ),
    }
