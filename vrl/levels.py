"""What the public is told of each level: who it is for, what it asks, what it gives. Sentences of the plan, not of one session."""

from dataclasses import dataclass

from .vocabulary import Level


@dataclass(frozen=True)
class About:
    """French texts; `name` is what people say: « N3 », « Sensibilisation »."""

    name: str
    noun: str
    audience: str
    asks: str
    gives: str


ABOUT: dict[str, About] = {
    Level.N1: About(
        "N1",
        "N1",
        "Des personnes choisies sur dossier pour former les formatrices et formateurs de la région.",
        "Un dossier examiné au niveau national.",
        "L’habilitation N1, qui permet d’animer les sessions N2 et N3.",
    ),
    Level.N2: About(
        "N2",
        "N2",
        "Des agents publics et des personnes d’associations qui s’engagent à animer des sessions dans la région.",
        "Une candidature avec vos motivations, l’accord de votre employeur et l’engagement d’animer des sessions.",
        "L’habilitation N2, qui permet d’animer les sessions N3, et l’accès au kit national.",
    ),
    Level.N3: About(
        "N3",
        "N3",
        "Les personnes en contact avec le public, salariées, bénévoles ou élues, dans les quartiers et au-delà.",
        "Aucun prérequis.",
        "Une attestation, pour les personnes présentes à toutes les demi-journées, et des repères pour agir.",
    ),
    Level.AWARENESS: About(
        "Sensibilisation",
        "de sensibilisation",
        "Les habitantes, les habitants et les jeunes.",
        "Aucun prérequis.",
        "Un moment d’échange, sans inscription ni attestation.",
    ),
}
