"""The words of the plan: levels, lengths, life of a session, habilitations, kit, situations."""

from django.db import models


class Level(models.TextChoices):
    N1 = "n1", "N1, formation de formateurs"
    N2 = "n2", "N2, formation de formateurs régionaux"
    N3 = "n3", "N3, formation d’acteurs de terrain"
    AWARENESS = "sensibilisation", "Sensibilisation"


class HabilitationLevel(models.TextChoices):
    N1 = "n1", "N1"
    N2 = "n2", "N2"


# The cascade: who may lead a session of this level. N1 sessions are led from Paris; a moment of awareness by anyone habilitated.
MAY_LEAD: dict[str, tuple[str, ...]] = {
    Level.N1: (),
    Level.N2: (HabilitationLevel.N1,),
    Level.N3: (HabilitationLevel.N1, HabilitationLevel.N2),
    Level.AWARENESS: (HabilitationLevel.N1, HabilitationLevel.N2),
}


class Length(models.TextChoices):
    HOURS = "heures", "Quelques heures"
    HALF_DAY = "demi-journee", "Une demi-journée"
    ONE_DAY = "1-jour", "1 jour"
    TWO_DAYS = "2-jours", "2 jours"
    THREE_DAYS = "3-jours", "3 jours"
    FOUR_DAYS = "4-jours", "4 jours"


class SessionState(models.TextChoices):
    DRAFT = "brouillon", "Brouillon"
    PROPOSED = "proposee", "Proposée"
    TEAM = "equipe", "Formateurs à compléter"
    OPEN = "ouverte", "Ouverte"
    FULL = "complete", "Complète"
    CONFIRMED = "confirmee", "Confirmée"
    HELD = "realisee", "Réalisée"
    TO_CLOSE = "a-cloturer", "À clôturer"
    CLOSED = "cloturee", "Clôturée"
    POSTPONED = "reportee", "Reportée"
    CANCELLED = "annulee", "Annulée"


# It will take place, as far as one knows.
COMING = (SessionState.TEAM, SessionState.OPEN, SessionState.FULL, SessionState.CONFIRMED)


# Nothing of its team or of its days changes any more.
DONE = (SessionState.HELD, SessionState.TO_CLOSE, SessionState.CLOSED, SessionState.CANCELLED)


class HabilitationState(models.TextChoices):
    ACTIVE = "active", "Active"
    PAUSED = "en-pause", "En pause"
    TO_RENEW = "a-renouveler", "À renouveler"
    WITHDRAWN = "retiree", "Retirée"
    LEFT = "partie", "Partie"


# With one of these, one leads sessions; a pause keeps the reserved area open, nothing more.
LEADING = (HabilitationState.ACTIVE, HabilitationState.TO_RENEW)


class Place(models.TextChoices):
    """Where a trainer stands in the team of a session."""

    INVITED = "invitation", "Invitation envoyée"
    OFFERED = "proposition", "Se propose"
    CONFIRMED = "confirmee", "Confirmée"
    DECLINED = "declinee", "Déclinée"


class Funding(models.TextChoices):
    STATE = "etat", "État"
    AUTHORITY = "collectivite", "Collectivité"
    CNFPT = "cnfpt", "CNFPT"
    HOST = "structure", "Structure qui accueille"
    OTHER = "autre", "Autre"


class SituationKind(models.TextChoices):
    """What people met in the field, as the State's bilan counts it. Nothing about anyone's belief."""

    MEALS = "restauration", "Restauration"
    SIGNS = "signes", "Signes"
    PRAYER = "priere", "Prière"
    MIXING = "mixite", "Mixité"
    ABSENCE = "absence", "Absence"
    ACTIVITY = "contestation", "Contestation d’une activité"
    NEUTRALITY = "neutralite", "Neutralité d’un agent"
    OTHER = "autre", "Autre"


class KitKind(models.TextChoices):
    RUN = "deroule", "Déroulé"
    SLIDES = "diaporama", "Diaporama"
    SEQUENCE = "sequence", "Fiche de séquence"
    CASE = "etude-de-cas", "Étude de cas"
    PHOTO = "photo", "Photo à analyser"
    QUIZ = "quiz", "Quiz"
    LAW = "texte-juridique", "Texte juridique"
    READING = "bibliographie", "Bibliographie"
    VIDEO = "video", "Vidéo"
    PAPERWORK = "administratif", "Document administratif"


class RequestState(models.TextChoices):
    RECEIVED = "recue", "Reçue"
    QUALIFIED = "qualifiee", "Qualifiée"
    OFFERED = "proposee", "Proposée aux formateurs"
    PLANNED = "planifiee", "Session créée"
    DONE = "realisee", "Réalisée"
    REFUSED = "refusee", "Sans suite"
    WITHDRAWN = "retiree", "Retirée par la structure"


class CandidacyState(models.TextChoices):
    RECEIVED = "recue", "À examiner"
    ACCEPTED = "acceptee", "Acceptée"
    REFUSED = "refusee", "Refusée"
    WITHDRAWN = "retiree", "Retirée"
    HABILITATED = "habilitee", "Habilitée"


class Shown(models.TextChoices):
    """What moderation says of a message between trainers."""

    WAITING = "a-relire", "À relire"
    SHOWN = "en-ligne", "En ligne"
    HIDDEN = "masque", "Masqué"


# The parts of the bilan, in order: {slug: title}.
BILAN_PARTS = {
    "sessions": "Sessions du plan",
    "personnes": "Personnes formées",
    "formateurs": "Formatrices et formateurs",
    "satisfaction": "Satisfaction et situations rencontrées",
    "activite": "Activité du centre",
    "ressources": "Ressources, lettre et accompagnements",
    "evolution": "D’une année à l’autre",
}
