"""The columns of a table of events, and those of a table of people registered."""

from trajectoire.core.importing import Column

EVENTS = (
    Column("title", "Titre", ("intitule", "evenement", "nom", "nom de l’evenement", "objet", "sujet"), required=True),
    Column("starts", "Début", ("date", "date de debut", "debut le", "jour", "date et heure", "quand", "start date")),
    Column("ends", "Fin", ("date de fin", "fin le", "end date"), help="Vide : le même jour."),
    Column(
        "dates",
        "Dates",
        ("seances", "dates et heures"),
        help="Plusieurs jours avec leurs heures, séparés par des points-virgules : « 22 mai 2025, 13 h – 14 h ; 23 mai 2025 ».",
    ),
    Column("starts_hour", "Heure de début", ("heure", "horaire", "horaires", "heure debut", "start time"), help="Vide : 9 h."),
    Column("ends_hour", "Heure de fin", ("heure fin", "end time"), help="Vide : 17 h, ou deux heures après le début."),
    Column(
        "kind", "Nature", ("type", "type d’evenement", "categorie", "format"), help="Vide ou inconnue : devinée d’après le titre."
    ),
    Column("summary", "En bref", ("resume", "accroche", "en une ou deux phrases"), help="Coupé à 400 caractères."),
    Column("body", "Présentation", ("description", "texte", "contenu", "programme")),
    Column("status", "État", ("statut",), help="« Annulé », « Reporté », « Complet »… Vide : programmé."),
    Column("mode", "Mode", ("modalite", "participation"), help="« Présentiel », « En ligne », « Mixte »."),
    Column("location", "Lieu", ("salle", "adresse du lieu", "emplacement", "location"), help="« Salle, adresse, commune »."),
    Column("place", "Commune", ("ville", "localite", "code postal")),
    Column("themes", "Thèmes", ("theme", "thematique", "thematiques")),
    Column("territories", "Territoires", ("territoire", "territoires concernes")),
    Column("audiences", "Publics", ("public", "public vise", "publics vises")),
    Column("capacity", "Places", ("nombre de places", "jauge", "capacite"), help="Vide : sans inscription sur le site."),
    Column(
        "online_url",
        "Visioconférence",
        ("lien visio", "visio", "lien de connexion"),
        help="Ne se montre qu’aux personnes inscrites.",
    ),
    Column("url", "Adresse", ("url", "lien", "page"), help="Celle de la page de ce site, ou de l’ancien, qui y mènera."),
)
PEOPLE = (
    Column("event", "Événement", ("titre", "adresse de l’evenement", "formation", "session", "rencontre")),
    Column(
        "event_on",
        "Date de l’événement",
        ("date", "jour", "date de l’evenement"),
        help="Départage deux événements du même titre.",
    ),
    Column("name", "Prénom et nom", ("nom et prenom", "nom prenom", "participant", "participante", "personne", "nom complet")),
    Column("last_name", "Nom", ("nom de famille", "nom d’usage")),
    Column("first_name", "Prénom", ()),
    Column("email", "Adresse e-mail", ("email", "e mail", "mail", "courriel", "adresse mail")),
    Column("phone", "Téléphone", ("tel", "portable", "mobile")),
    Column("structure", "Structure", ("organisme", "employeur", "association", "organisation")),
    Column("position", "Fonction", ("poste", "metier")),
    Column("status", "Statut", ("statut professionnel",), help="Un des statuts du site ; un autre mot compte comme « Autre »."),
    Column("department", "Département", ("dep", "dpt")),
    Column("state", "État", ("etat de l’inscription", "inscription", "reponse"), help="Vide : confirmée."),
    Column("queued_at", "Dans l’ordre depuis", ("inscrit le", "inscrite le", "date d’inscription", "horodateur")),
)
