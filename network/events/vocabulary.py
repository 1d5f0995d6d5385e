"""The words of events: kinds, categories of the State's bilan, ways of attending, statuses."""

from django.db import models


class EventKind(models.TextChoices):
    STUDY_DAY = "journee-d-etude", "journée d’étude"
    CYCLE = "cycle", "cycle de qualification"
    WORKING_GROUP = "groupe-de-travail", "groupe de travail"
    REGIONAL_MEETING = "rencontre-regionale", "rencontre régionale"
    DEPARTMENTAL_MEETING = "rencontre-departementale", "rencontre départementale"
    WORKSHOP = "atelier", "atelier"
    SEMINAR = "seminaire", "séminaire"
    WEBINAR = "webinaire", "webinaire"
    SITE_VISIT = "visite", "visite de site"
    TRAINING = "formation", "formation"
    DEBATE = "debat", "café-débat ou forum-débat"
    NETWORK_MEETING = "reunion-de-reseau", "réunion de réseau"
    TRAINERS_MEETING = "rencontre-formateurs", "rencontre des formatrices et formateurs VRL"
    SECULARISM_DAY = "journee-de-la-laicite", "Journée de la laïcité"
    GENERAL_ASSEMBLY = "assemblee-generale", "assemblée générale"
    STEERING_COMMITTEE = "comite-de-pilotage", "comité de pilotage"
    SUPPORT = "accompagnement", "accompagnement d’un territoire"


PRIVATE_KINDS = (EventKind.STEERING_COMMITTEE, EventKind.SUPPORT)


class Category(models.TextChoices):
    """What the State's bilan counts an event as."""

    TRAINING = "formation", "Formation"
    CYCLE = "cycle", "Cycle de qualification"
    NETWORK = "reseau", "Activité de réseau"
    WORKING_GROUP = "groupe", "Groupe de travail"
    INFORMATION = "information", "Manifestation à vocation informative"
    SUPPORT = "accompagnement", "Accompagnement"


CATEGORY_OF: dict[str, Category] = {
    EventKind.STUDY_DAY: Category.INFORMATION,
    EventKind.CYCLE: Category.CYCLE,
    EventKind.WORKING_GROUP: Category.WORKING_GROUP,
    EventKind.REGIONAL_MEETING: Category.NETWORK,
    EventKind.DEPARTMENTAL_MEETING: Category.NETWORK,
    EventKind.WORKSHOP: Category.TRAINING,
    EventKind.SEMINAR: Category.INFORMATION,
    EventKind.WEBINAR: Category.INFORMATION,
    EventKind.SITE_VISIT: Category.INFORMATION,
    EventKind.TRAINING: Category.TRAINING,
    EventKind.DEBATE: Category.INFORMATION,
    EventKind.NETWORK_MEETING: Category.NETWORK,
    EventKind.TRAINERS_MEETING: Category.NETWORK,
    EventKind.SECULARISM_DAY: Category.INFORMATION,
    EventKind.GENERAL_ASSEMBLY: Category.NETWORK,
    EventKind.STEERING_COMMITTEE: Category.SUPPORT,
    EventKind.SUPPORT: Category.SUPPORT,
}


class EventMode(models.TextChoices):
    ON_SITE = "presentiel", "Présentiel"
    ONLINE = "en-ligne", "En ligne"
    MIXED = "mixte", "Mixte"


class EventStatus(models.TextChoices):
    """After OpenAgenda and schema.org's eventStatus. Full by hand: no more registrations, whatever the places."""

    SCHEDULED = "programme", "Programmé"
    RESCHEDULED = "reprogramme", "Reprogrammé"
    MOVED_ONLINE = "deplace-en-ligne", "Déplacé en ligne"
    POSTPONED = "reporte", "Reporté"
    FULL = "complet", "Complet"
    CANCELLED = "annule", "Annulé"


class Accessibility(models.TextChoices):
    """The handicaps that a venue is accessible to (words of OpenAgenda)."""

    HEARING = "auditif", "auditif"
    VISUAL = "visuel", "visuel"
    MENTAL = "psychique", "psychique"
    MOTOR = "moteur", "moteur"
    INTELLECTUAL = "intellectuel", "intellectuel"


class HalfDay(models.TextChoices):
    """The unit that the State counts."""

    MORNING = "matin", "matin"
    AFTERNOON = "apres-midi", "après-midi"


class ParticipantStatus(models.TextChoices):
    STATE = "fpe", "Fonction publique d’État"
    TERRITORIAL = "fpt", "Fonction publique territoriale"
    HOSPITAL = "fph", "Fonction publique hospitalière"
    ASSOCIATION = "salarie-associatif", "Personne salariée d’une association"
    VOLUNTEER = "benevole", "Bénévole"
    ELECTED = "elu", "Élue ou élu"
    LANDLORD = "bailleur", "Bailleur social"
    CITIZENS_COUNCIL = "conseiller-citoyen", "Conseil citoyen"
    CIVIC_SERVICE = "service-civique", "Service civique"
    STUDENT = "etudiant", "Étudiante ou étudiant"
    INHABITANT = "habitant", "Habitante ou habitant"
    OTHER = "autre", "Autre"
