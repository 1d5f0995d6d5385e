"""The columns that a table of structures may have."""

from trajectoire.core.importing import Column

COLUMNS = (
    Column(
        "name",
        "Nom",
        ("raison sociale", "denomination", "structure", "organisme", "organisation", "nom de la structure", "nom"),
        required=True,
        help="Au plus 200 caractères. Un nom écrit autrement (majuscules, « Ass. », points) est reconnu.",
    ),
    Column("siret", "SIRET", ("n siret", "numero siret", "no siret"), help="Sa clé est vérifiée. Il l’emporte sur le nom."),
    Column(
        "kind",
        "Nature",
        ("type", "categorie", "type de structure"),
        help="Le nom d’une nature du site. Vide ou inconnue : devinée d’après le nom.",
    ),
    Column(
        "place",
        "Commune ou quartier",
        ("commune", "ville", "territoire", "territoires", "localite", "code postal", "cp", "insee", "code insee", "quartier"),
        help="Un nom, un code de l’Insee, un code postal qui n’a qu’une commune, ou plusieurs séparés par des points-virgules.",
    ),
    Column(
        "department",
        "Département",
        ("dep", "dpt", "code departement", "code postal", "cp"),
        help="« 25 », « 25000 » ou « Doubs ». Il départage les communes qui portent le même nom.",
    ),
    Column("contracts", "Contrats de ville", ("contrat de ville", "contrat"), help="Leurs codes, quand le lieu est inconnu."),
    Column(
        "summary",
        "Présentation courte",
        ("presentation", "description", "resume", "activite", "objet", "en bref"),
        help="Coupée à 400 caractères.",
    ),
    Column("email", "Adresse e-mail", ("e mail", "email", "mail", "courriel", "adresse mail", "adresse email")),
    Column("phone", "Téléphone", ("tel", "tel.", "numero de telephone"), help="Un numéro français est écrit par paires."),
    Column("website", "Site internet", ("site", "site web", "web", "url")),
    Column(
        "address",
        "Adresse postale",
        ("adresse",),
        help="L’adresse d’une fiche de ce site (https://…) fait reconnaître la structure.",
    ),
    Column(
        "themes",
        "Thèmes",
        ("theme", "thematique", "thematiques"),
        help="Ceux du site, séparés par des points-virgules ou par des virgules.",
    ),
    Column("former_names", "Anciens noms", ("ancien nom", "autres noms", "sigle"), help="Séparés par « | »."),
    Column("sources", "Source", ("sources",), help="Vide : la source dite au moment de l’import."),
)
LABELS = {column.name: column.label for column in COLUMNS}
