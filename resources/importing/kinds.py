"""What kind of thing it is: words of catalogues and codes of formats to the types of the library."""

from collections.abc import Iterable

from trajectoire.core.text import fold

# Our type: the words that mean it, folded. A code of a format stands with its words.
WORDS: dict[str, tuple[str, ...]] = {
    "synthese": ("synthese", "note de synthese"),
    "fiche-experience": ("fiche experience", "fiche d’experience", "fiche action", "retour d’experience"),
    "dossier": ("dossier", "dossier documentaire", "dossier thematique"),
    "reperes": ("reperes",),
    "guide": ("guide", "guide pratique", "guides pratiques", "boite a outils", "manuel", "mode d’emploi", "vade-mecum", "kit"),
    "note": ("note", "note de travail", "working paper", "working", "unpublished", "unpb"),
    "lettre-information": ("lettre d’information", "newsletter", "bulletin"),
    "actes": (
        *(
            "actes",
            "actes de congres",
            "actes de colloque",
            "actes de journee",
            "colloque",
            "conference paper",
            "conferencepaper",
        ),
        *("proceedings", "inproceedings", "conference", "paper-conference", "conf", "cpaper", "congres et conferences"),
    ),
    "compte-rendu": ("compte rendu", "compte-rendu", "proces-verbal"),
    "recueil-initiatives": ("recueil d’initiatives",),
    "etude": (
        *(
            "etude",
            "etude ou diagnostic",
            "diagnostic",
            "enquete",
            "these",
            "thesis",
            "thes",
            "phdthesis",
            "mastersthesis",
            "memoire",
        ),
        *("theses et ecrits academiques", "rapport d’etude", "evaluation", "dissertation", "dataset"),
    ),
    "revue-de-presse": (
        "revue de presse",
        "newspaperarticle",
        "newspaper article",
        "article-newspaper",
        "news",
        "article de presse",
    ),
    "bibliographie": ("bibliographie", "bibliographies"),
    "outil-pedagogique": (
        *(
            "outil pedagogique",
            "jeu",
            "jeu de societe",
            "exposition",
            "mallette pedagogique",
            "interactiveresource",
            "game",
            "map",
        ),
        *("carte", "poster", "affiche", "physicalobject"),
    ),
    "diaporama": ("diaporama", "presentation", "speech", "slide", "slides"),
    "video": (
        *("video", "film", "videorecording", "video recording", "motion_picture", "movingimage", "moving image", "mpct", "dvd"),
        *("documentaire", "films documentaires", "tvbroadcast", "videocassette"),
    ),
    "podcast": (
        *(
            "podcast",
            "sound",
            "audio",
            "audiorecording",
            "song",
            "broadcast",
            "radiobroadcast",
            "emission de radio",
            "music",
            "cd",
        ),
    ),
    "appel-a-projets": ("appel a projets",),
    "rapport-activite": ("rapport d’activite", "rapport annuel", "rapports annuels", "annual report"),
    "texte-officiel": (
        *(
            "texte officiel",
            "loi",
            "decret",
            "circulaire",
            "arrete",
            "statute",
            "legislation",
            "legal_case",
            "case",
            "bill",
            "stat",
        ),
        *("legal rule or regulation", "jurisprudence"),
    ),
    "ouvrage": (
        *(
            "ouvrage",
            "livre",
            "book",
            "texte imprime",
            "monographie",
            "monograph",
            "rapport",
            "report",
            "rprt",
            "techreport",
            "chapter",
        ),
        *(
            "booksection",
            "book section",
            "book part",
            "inbook",
            "incollection",
            "booklet",
            "manual",
            "chap",
            "edbook",
            "proceeding",
        ),
        *(
            "article",
            "jour",
            "journalarticle",
            "journal article",
            "article-journal",
            "article-magazine",
            "magazinearticle",
            "mgzn",
        ),
        *(
            "periodique",
            "serial",
            "revue",
            "ser",
            "document electronique",
            "ebook",
            "mvbook",
            "webpage",
            "web page",
            "blogpost",
            "elec",
        ),
        *(
            "post-weblog",
            "blog",
            "document",
            "misc",
            "gen",
            "generic",
            "text",
            "encyclopediaarticle",
            "entry",
            "texte",
            "grey",
            "pamp",
        ),
        *("manuscript", "manuscrit", "collection", "preprint", "article de revue", "article de periodique", "publication"),
    ),
}
BY_WORD = {fold(word): slug for slug, words in WORDS.items() for word in words}


class Kinds:
    """`named`: {slug: (name, plural)} of the types that the site has, those of staff included."""

    def __init__(self, named: dict[str, tuple[str, str]], default: str) -> None:
        self.words = {word: slug for word, slug in BY_WORD.items() if slug in named}
        for slug, names in named.items():
            self.words |= dict.fromkeys(map(fold, (slug, *names)), slug)
        self.default = default

    def of(self, words: Iterable[str]) -> tuple[str, str]:
        """(our type, note): the most precise word wins, « ouvrage » being what a catalogue says of nearly everything."""
        said = [word for word in words if word.strip()]
        found = [slug for slug in (self.words.get(_plain(word)) for word in said) if slug]
        precise = next((slug for slug in found if slug != "ouvrage"), None)
        if precise or found:
            return precise or found[0], ""
        note = f"Type « {said[0][:60]} » inconnu : « {self.default} » à la place." if said else ""
        return self.default, note


def _plain(word: str) -> str:
    word = word.removeprefix("info:eu-repo/semantics/")
    return " ".join(fold(word).replace("’", "'").strip(" .:;[]").split())
